from __future__ import annotations

import numpy as np
from sklearn.neighbors import NearestCentroid

from playground.dataset import load_data
from playground.lesson.items import closeness, hardest, label_counts, mean_images, mosaic


def test_every_label_has_as_many_images_as_published() -> None:
    data = load_data()
    assert label_counts(data.y_train).tolist() == [6000] * 10
    assert label_counts(data.y_test).tolist() == [1000] * 10


def test_the_nearest_average_is_scikit_learns_nearest_centroid() -> None:
    data = load_data()
    x, y = data.x_train[:2000], data.y_train[:2000]
    model = NearestCentroid().fit(x.reshape(len(x), -1).astype(float), y)
    means = mean_images(x, y)
    np.testing.assert_allclose(means.reshape(10, -1), model.centroids_, atol=1e-4)
    new = data.x_test[:500]
    said = closeness(new, means).argmax(axis=1)
    assert (said == model.predict(new.reshape(len(new), -1).astype(float))).all()


def test_closeness_is_minus_the_root_mean_square_difference() -> None:
    data = load_data()
    means = mean_images(data.x_train[:500], data.y_train[:500])
    image = data.x_test[:1]
    expected = [-np.sqrt(np.mean((image[0] - mean) ** 2)) for mean in means.astype(float)]
    np.testing.assert_allclose(closeness(image, means)[0], expected, rtol=1e-4)


def test_the_hardest_come_first_with_what_they_look_like() -> None:
    scores = np.full((3, 10), -9, np.float32)
    scores[:, 6] = [5, 1, 3]
    scores[0, 0], scores[1, 2], scores[2, 4] = 4, 3, 4
    places, looks_like = hardest(scores, 6, 2)
    assert places.tolist() == [1, 2]
    assert looks_like.tolist() == [2, 4]


def test_a_mosaic_holds_every_image_where_it_belongs() -> None:
    images = load_data().x_train[:5]
    sheet = mosaic(images, 3, gap=2)
    assert sheet.shape == (2 * 30 - 2, 3 * 30 - 2)
    assert (sheet[30:58, 30:58] == images[4]).all()
    assert (sheet[30:, 60:] == 255).all()
