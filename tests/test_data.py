"""The data sets: the stand-in says what it is, a real one is never replaced by it."""

import struct
from pathlib import Path

import numpy as np
import pytest

from kit.errors import DataError, UsageError
from kit.experiments import data


def test_the_digits_are_a_stand_in_and_say_so(tmp_path):
    digits = data.load("digits", tmp_path)
    assert digits.stand_in and "stand-in" in digits.title
    assert digits.train_images.shape == (1437, 28, 28)
    assert digits.test_images.shape == (360, 28, 28)
    assert digits.train_images.dtype == np.uint8 and digits.train_images.max() == 255
    assert digits.train_labels.dtype == np.int64
    assert set(digits.test_labels.tolist()) == set(range(10))


def test_the_digits_can_be_as_large_as_faces(tmp_path):
    digits = data.load("digits-64", tmp_path)
    assert digits.stand_in and "64×64" in digits.title
    assert digits.train_images.shape == (1437, 64, 64)


def test_the_coloured_digits_are_the_digits_in_colours_that_tell_nothing(tmp_path):
    digits, colour = (data.load(name, tmp_path) for name in ("digits", "digits-colour"))
    assert colour.stand_in and "coloured" in colour.title
    assert colour.train_images.shape == (1437, 32, 32, 3)
    assert (colour.test_labels == digits.test_labels).all()
    mean = colour.train_images.mean((1, 2))
    by_class = np.array([mean[colour.train_labels == label].mean(0) for label in range(10)])
    # The mean of about 140 images, each with a deviation of about 25: four of 25 / 12 at most.
    assert np.abs(by_class - by_class.mean(0)).max() < 20
    assert mean.std() > 15


def test_colouring_mixes_the_two_colours_of_an_image():
    images = np.array([[[0, 255], [0, 255]]], np.uint8)
    (picture,) = data.coloured(images, np.random.default_rng(0))
    assert (picture[:, 0] <= 100).all() and (picture[:, 1] >= 155).all()
    assert (picture[0] == picture[1]).all()


def test_a_data_set_is_the_same_each_time_and_cannot_be_changed(tmp_path):
    first, second = data.load("digits", tmp_path), data.load("digits", tmp_path)
    assert first.sha256 == second.sha256
    with pytest.raises(ValueError, match="read-only"):
        first.train_images[0] = 0


@pytest.mark.parametrize("name", [*data.REAL, "olivetti", "addnist"])
def test_a_missing_set_is_one_sentence_that_says_how_to_get_it(name, tmp_path):
    with pytest.raises(DataError) as caught:
        data.load(name, tmp_path)
    for part in ("--data", "KIT_DATA", "--download", str(tmp_path)):
        assert part in str(caught.value)
    assert "\n" not in str(caught.value)


@pytest.mark.slow  # imports torch
def test_a_damaged_set_is_one_sentence_too(tmp_path):
    pytest.importorskip("torch")
    (tmp_path / "MNIST" / "raw").mkdir(parents=True)
    with pytest.raises(DataError, match="could not be read from"):
        data.load("mnist", tmp_path)


def test_an_unknown_set_is_named_with_the_known_ones(tmp_path):
    known = "mnist, fashion-mnist, cifar-10, cifar-100, digits, digits-64, digits-colour, olivetti"
    with pytest.raises(UsageError, match=known):
        data.load("svhn", tmp_path)


def test_the_root_is_the_option_then_the_variable_then_the_cache(monkeypatch, tmp_path):
    monkeypatch.setenv("KIT_DATA", str(tmp_path / "variable"))
    assert data.data_root(tmp_path / "option") == tmp_path / "option"
    assert data.data_root() == tmp_path / "variable"
    monkeypatch.delenv("KIT_DATA")
    assert data.data_root().name == "data"


def write_faces(root: Path) -> np.ndarray:
    """400 images that can be told apart, of 40 people, where the faces would lie."""
    (root / "olivetti").mkdir()
    faces = np.random.default_rng(0).integers(3, 200, (400, 64, 64)).astype(np.uint8)
    np.save(root / "olivetti" / "olivetti_faces_uint8.npy", faces)
    np.save(root / "olivetti" / "olivetti_target.npy", np.repeat(np.arange(40), 10))
    return faces


def test_the_faces_are_split_once_and_fill_the_range(tmp_path):
    written = write_faces(tmp_path)
    faces = data.load("olivetti", tmp_path)
    assert not faces.stand_in and faces.title == "Olivetti faces"
    assert len(faces.train_labels) == 320 and len(faces.test_labels) == 80
    both = np.concatenate([faces.train_images, faces.test_images])
    assert both.min() == 0 and both.max() == 255
    stretched = np.rint((written - 3.0) * (255 / (written.max() - 3)))
    assert sorted(both.sum((1, 2))) == sorted(stretched.astype(np.uint8).sum((1, 2)))


@pytest.mark.parametrize("shape", [(25, 64, 64), (25, 4096)])
def test_a_courses_images_go_before_the_set_that_replaces_them(shape, tmp_path):
    write_faces(tmp_path)
    assert data.load("faces.npy or olivetti", tmp_path).name == "olivetti"
    images = np.random.default_rng(0).integers(0, 256, shape).astype(np.uint8)
    np.save(tmp_path / "faces.npy", images)
    faces = data.load("faces.npy or olivetti", tmp_path)
    assert "faces.npy" in faces.title and faces.train_images.shape == (20, 64, 64)
    assert len(faces.test_images) == 5
    both = np.concatenate([faces.train_images, faces.test_images]).reshape(25, -1)
    assert {row.tobytes() for row in both} == {row.tobytes() for row in images.reshape(25, -1)}


@pytest.mark.parametrize(
    "grouped", [False, True]
)  # images and labels in turn, or one after another
@pytest.mark.parametrize("splits", [("train", "test"), ("train", "validation", "test")])
def test_a_courses_archive_is_read_with_its_images_as_columns(grouped, splits, tmp_path):
    rng, images, labels = np.random.default_rng(0), [], []
    for count in (30, 12, 9)[: len(splits)]:
        images.append(rng.integers(0, 256, (784, count)).astype(np.uint8))
        labels.append(rng.integers(0, 10, count))
    in_turn = [array for pair in zip(images, labels, strict=True) for array in pair]
    np.savez(tmp_path / "course.npz", *(images + labels if grouped else in_turn))
    found = data.load("course.npz or fashion-mnist", tmp_path)
    for split, pixels, classes in zip(splits, images, labels, strict=True):
        np.testing.assert_array_equal(
            getattr(found, f"{split}_images"), pixels.T.reshape(-1, 28, 28)
        )
        np.testing.assert_array_equal(getattr(found, f"{split}_labels"), classes)
    assert found.about()["validation"] == (12 if len(splits) == 3 else 0)


def test_a_courses_file_that_fits_no_layout_is_one_sentence(tmp_path):
    np.savez(tmp_path / "odd.npz", np.zeros((784, 5)), np.zeros(4), np.zeros((784, 3)), np.zeros(3))
    with pytest.raises(DataError, match="no square images for 4 labels"):
        data.load("odd.npz", tmp_path)
    np.savez(tmp_path / "few.npz", np.zeros((784, 5)), np.zeros(5))
    with pytest.raises(DataError, match="two or three of each"):
        data.load("few.npz", tmp_path)
    np.save(tmp_path / "flat.npy", np.zeros((5, 63)))
    with pytest.raises(DataError, match="no square images of one size"):
        data.load("flat.npy", tmp_path)
    (tmp_path / "broken.npz").write_bytes(b"no archive")
    with pytest.raises(DataError, match=r"broken\.npz cannot be read"):
        data.load("broken.npz", tmp_path)
    with pytest.raises(DataError, match="is not in"):
        data.load("absent.npz", tmp_path)


def test_enlarging_keeps_flat_images_flat_and_ramps_linear():
    flat = np.full((2, 8, 8), 100.0)
    assert (data.enlarge(flat, 28) == 100).all()
    ramp = np.tile(np.arange(8) * 30.0, (1, 8, 1))
    row = data.enlarge(ramp, 28)[0, 14].astype(int)
    assert row[0] == 0 and row[-1] == 210 and (np.diff(row) >= 0).all()
    assert np.abs(np.diff(row[3:-3]) - 30 / 3.5).max() <= 1


def test_the_hash_covers_labels_and_shapes():
    images, labels = np.zeros((4, 2, 2)), np.zeros(4)
    same = data._dataset("x", "X", [images, labels, images, labels])
    other = data._dataset("x", "X", [images, labels + 1, images, labels])
    reshaped = data._dataset("x", "X", [images.reshape(4, 4, 1), labels, images, labels])
    assert len({same.sha256, other.sha256, reshaped.sha256}) == 3


def write_idx(path: Path, array: np.ndarray) -> None:
    """The file format of MNIST: a magic number, the sizes, the bytes."""
    sizes = struct.pack(f">{array.ndim}I", *array.shape)
    path.write_bytes(struct.pack(">HBB", 0, 8, array.ndim) + sizes + array.tobytes())


@pytest.mark.slow  # imports torch
def test_of_several_sets_the_first_that_lies_there_is_read(tmp_path):
    assert data.load("mnist or digits", tmp_path).name == "digits"
    raw = tmp_path / "MNIST" / "raw"
    raw.mkdir(parents=True)
    for kind in ("train", "t10k"):
        write_idx(raw / f"{kind}-images-idx3-ubyte", np.zeros((3, 28, 28), np.uint8))
        write_idx(raw / f"{kind}-labels-idx1-ubyte", np.zeros(3, np.uint8))
    assert data.load("mnist or digits", tmp_path).name == "mnist"
    assert data.load("digits or mnist", tmp_path).name == "digits"


@pytest.mark.slow  # imports torch
@pytest.mark.parametrize(
    ("name", "folder"), [("mnist", "MNIST"), ("fashion-mnist", "FashionMNIST")]
)
def test_torchvisions_layout_is_read_as_it_lies_there(name, folder, tmp_path):
    raw = tmp_path / folder / "raw"
    raw.mkdir(parents=True)
    rng = np.random.default_rng(0)
    written = {}
    for split, count in (("train", 7), ("t10k", 4)):
        images = rng.integers(0, 256, (count, 28, 28)).astype(np.uint8)
        labels = rng.integers(0, 10, count).astype(np.uint8)
        write_idx(raw / f"{split}-images-idx3-ubyte", images)
        write_idx(raw / f"{split}-labels-idx1-ubyte", labels)
        written[split] = images, labels
    found = data.load(name, tmp_path)
    assert not found.stand_in
    np.testing.assert_array_equal(found.train_images, written["train"][0])
    np.testing.assert_array_equal(found.train_labels, written["train"][1])
    np.testing.assert_array_equal(found.test_images, written["t10k"][0])
    np.testing.assert_array_equal(found.test_labels, written["t10k"][1])


REAL = data.data_root() / "MNIST" / "raw"


@pytest.mark.slow  # imports torch
@pytest.mark.skipif(not REAL.is_dir(), reason=f"{REAL} is not there; set KIT_DATA")
def test_mnist_itself_has_its_sizes_and_classes():
    mnist = data.load("mnist", data.data_root())
    assert mnist.train_images.shape == (60_000, 28, 28)
    assert mnist.test_images.shape == (10_000, 28, 28)
    counts = [5923, 6742, 5958, 6131, 5842, 5421, 5918, 6265, 5851, 5949]  # LeCun's training set
    assert np.bincount(mnist.train_labels).tolist() == counts


def write_addnist(root: Path) -> dict[str, np.ndarray]:
    """Six small files in the published format; returns the bytes that were normalised."""
    (root / "AddNIST").mkdir()
    rng, written = np.random.default_rng(0), {}
    for split, count in (("train", 9), ("valid", 3), ("test", 2)):
        written[split] = rng.integers(0, 256, (count, 3, 28, 28)).astype(np.uint8)
        images = ((written[split] / 255 - 0.1307) / 0.3081).astype(np.float32)
        np.save(root / "AddNIST" / f"{split}_x.npy", images)
        np.save(root / "AddNIST" / f"{split}_y.npy", np.arange(count))
    return written


def test_the_published_files_of_addnist_come_back_as_the_bytes_they_were_made_of(tmp_path):
    written = write_addnist(tmp_path)
    found = data.load("addnist or mnist", tmp_path)
    assert found.title == "AddNIST" and not found.stand_in
    stored = (found.train_images, found.validation_images, found.test_images)
    for images, split in zip(stored, ("train", "valid", "test"), strict=True):
        assert (images == written[split].transpose(0, 2, 3, 1)).all()
    assert found.validation_labels.tolist() == [0, 1, 2]


def test_files_of_addnist_that_do_not_fit_are_one_sentence(tmp_path):
    write_addnist(tmp_path)
    np.save(tmp_path / "AddNIST" / "valid_y.npy", np.arange(4))
    with pytest.raises(DataError, match=r"valid images \(3, 3, 28, 28\) with labels \(4,\)"):
        data.load("addnist", tmp_path)
    (tmp_path / "AddNIST" / "test_x.npy").write_bytes(b"nothing")
    np.save(tmp_path / "AddNIST" / "valid_y.npy", np.arange(3))
    with pytest.raises(DataError, match=r"test_x\.npy cannot be read"):
        data.load("addnist", tmp_path)
