// A confusion matrix of buttons. Python passes {labels, counts, colours, chosen} (matrix.py); a
// press sends the cell. One button is in the tab order, the arrow keys go from there.

const MOVES = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] };

const make = (name, role, text, className = "") =>
  Object.assign(document.createElement(name), { role, textContent: text, className });

function build(root, labels) {
  const rows = [["", ...labels], ...labels.map((label) => [label])].map((heads, row) => {
    const line = make("div", "row", "");
    line.append(
      ...heads.map((text, i) =>
        make("span", row ? "rowheader" : "columnheader", text, i || row ? "name" : "corner"),
      ),
    );
    if (row) {
      line.append(
        ...labels.map((_, column) => {
          const cell = make("button", "gridcell", "", "cell");
          Object.assign(cell, { type: "button", place: [row - 1, column] });
          return cell;
        }),
      );
    }
    return line;
  });
  root.replaceChildren(...rows);
}

export default function ({ data, parentElement, setTriggerValue }) {
  const root = parentElement.querySelector(".matrix");
  const { labels, counts, colours, chosen } = data;
  if (!root.children.length) build(root, labels);
  const cells = [...root.querySelectorAll("button")];
  for (const cell of cells) {
    const [truth, called] = cell.place;
    const count = counts[truth][called];
    const marked = truth === chosen[0] && called === chosen[1];
    const images = `${count} ${count === 1 ? "image" : "images"} of ${labels[truth]}`;
    const [background, color] = colours[truth][called];
    cell.textContent = count;
    cell.title = `${images} called ${labels[called]}`;
    cell.ariaLabel = cell.title;
    cell.ariaSelected = String(marked);
    cell.tabIndex = marked ? 0 : -1;
    Object.assign(cell.style, { background, color });
    cell.onclick = () => setTriggerValue("cell", cell.place);
  }
  root.onkeydown = (event) => {
    const move = MOVES[event.key];
    const from = event.target.place;
    if (!move || !from) return;
    event.preventDefault();
    const last = labels.length - 1;
    const [row, column] = from.map((x, i) => Math.min(last, Math.max(0, x + move[i])));
    const to = cells[row * labels.length + column];
    for (const cell of cells) cell.tabIndex = cell === to ? 0 : -1;
    to.focus();
  };
}
