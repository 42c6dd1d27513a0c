# A server for a class: docker build -t fashion-playground . && docker run -p 8501:8501 -v playground:/data fashion-playground
FROM python:3.12-slim

WORKDIR /source
COPY requirements.txt requirements.lock ./
RUN pip install --no-cache-dir -c requirements.lock -r requirements.txt
COPY . .
RUN pip install --no-cache-dir -c requirements.lock ".[postgresql]"

RUN useradd --create-home --uid 1000 playground && install -d -o playground -m 700 /data
USER 1000
WORKDIR /home/playground
ENV PLAYGROUND_HOME=/data
VOLUME /data
EXPOSE 8501
HEALTHCHECK --start-period=60s CMD ["python", "-c", "from urllib.request import urlopen; urlopen('http://127.0.0.1:8501/_stcore/health', timeout=5)"]
CMD ["fashion-playground"]
