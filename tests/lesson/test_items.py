from __future__ import annotations

import numpy as np
import pytest
from sklearn.neighbors import NearestCentroid

from playground.dataset import load_data
from playground.lesson.items import hardest, label_counts, likeness, mean_images, mosaic


def test_every_label_has_as_many_images_as_published() -> None:
    data = load_data()
    assert label_counts(data.y_train).tolist() == [6000] * 10
    assert label_counts(data.y_test).tolist() == [1000] * 10


# Some corner pixels are 0 in all of the images of a label.
@pytest.mark.filterwarnings("ignore:self.within_class_std_dev_")
def test_the_average_images_are_scikit_learns_centroids() -> None:
    data = load_data()
    x, y = data.x_train[:2000], data.y_train[:2000]
    model = NearestCentroid().fit(x.reshape(len(x), -1).astype(float), y)
    np.testing.assert_allclose(mean_images(x, y).reshape(10, -1), model.centroids_, atol=1e-4)


def test_likeness_is_the_correlation_of_the_pixels() -> None:
    data = load_data()
    means = mean_images(data.x_train[:500], data.y_train[:500])
    images = data.x_test[:3]
    both = np.corrcoef(np.vstack([images.reshape(3, -1), means.reshape(10, -1)]))
    np.testing.assert_allclose(likeness(images, means), both[:3, 3:], atol=1e-5)


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
