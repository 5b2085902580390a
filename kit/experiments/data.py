"""The data sets of the experiments, as uint8 images and their labels.

The real ones come through torchvision (faces through scikit-learn), from the folder where they lie
or, when that is allowed, from the network. `digits` is the stand-in that needs neither:
scikit-learn's 1,797 real handwritten digits, made larger; `digits-colour` are the same, in colour.
A stand-in is asked for by its name and says what it is; none is put in the place of a real set.

A name may be a file that a course hands out, and "a.npz or mnist" means: the first that lies in the
folder of the data sets, else the last. The title says which one it was. `addnist` are the files of
that set as they are published.
"""

import hashlib
import os
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from kit.errors import DataError, UsageError
from kit.experiments import addnist, course_files, torchvision_ops

Array = np.ndarray[Any, Any]
REAL = {
    "mnist": ("MNIST", "MNIST/raw"),
    "fashion-mnist": ("FashionMNIST", "FashionMNIST/raw"),
    "cifar-10": ("CIFAR10", "cifar-10-batches-py"),
    "cifar-100": ("CIFAR100", "cifar-100-python"),
}
DIGITS = {"digits": 28, "digits-64": 64}  # the side to which they are enlarged
COLOURED = "digits-colour"
NAMES = (*REAL, *DIGITS, COLOURED, "olivetti", "addnist")
DIGITS_TRAIN = 1437  # of 1,797: four fifths, drawn once with a fixed seed


@dataclass(frozen=True)
class Dataset:
    """Images (n, h, w) or (n, h, w, 3) uint8 and labels (n,) int64.

    Split into train and test, and validation if the set has one.
    """

    name: str
    title: str
    train_images: Array
    train_labels: Array
    test_images: Array
    test_labels: Array
    sha256: str
    stand_in: bool = False
    validation_images: Array | None = None
    validation_labels: Array | None = None

    def about(self) -> dict[str, Any]:
        """What a run keeps of its data set: no images."""
        return {
            "name": self.name,
            "title": self.title,
            "sha256": self.sha256,
            "stand_in": self.stand_in,
            "train": len(self.train_labels),
            "test": len(self.test_labels),
            "validation": 0 if self.validation_labels is None else len(self.validation_labels),
            "shape": list(self.train_images.shape[1:]),
            "classes": int(self.train_labels.max()) + 1,
        }


def data_root(option: Path | str | None = None) -> Path:
    """The folder of the data sets: the option, else KIT_DATA, else the user's cache."""
    chosen = option or os.environ.get("KIT_DATA")
    return Path(chosen) if chosen else Path.home() / ".cache" / "dl-assignment-kit" / "data"


def load(name: str, root: Path, *, download: bool = False) -> Dataset:
    """The data set `name`, read from `root`; of "a or b" the first that lies there, else the last.

    Raises:
        UsageError: there is no data set of that name.
        DataError: it is not in `root` and was not, or could not be, downloaded.
    """
    names = name.split(" or ")
    present = (one for one in names[:-1] if _lies_in(one, root))
    return _load(next(present, names[-1]), root, download)


def _lies_in(name: str, root: Path) -> bool:
    if name in REAL:
        return (root / REAL[name][1]).is_dir()
    if name == "addnist":
        return addnist.lies_in(root)
    if name == "olivetti":
        return (root / "olivetti").is_dir() or (root / "olivetti_py3.pkz").is_file()
    return name in (*DIGITS, COLOURED) or (_is_file(name) and (root / name).is_file())


def _load(name: str, root: Path, download: bool) -> Dataset:
    if name in DIGITS:
        return _digits(name)
    if name == COLOURED:
        return _coloured_digits()
    if name in REAL:
        return _real(name, root, download)
    if name == "olivetti":
        return _olivetti(root, download)
    if name == "addnist":
        return _addnist(root)
    if _is_file(name):
        return _course_file(name, root)
    raise UsageError(f"there is no data set '{name}': name one of {', '.join(NAMES)}")


def _is_file(name: str) -> bool:
    return name.endswith(course_files.SUFFIXES)


def _course_file(name: str, root: Path) -> Dataset:
    if not (root / name).is_file():
        raise DataError(f"{name} is not in {root}: name the folder that holds it with --data")
    train, *validation, test = course_files.read(root / name)
    return _dataset(name, f"the course's file {name}", [*train, *test, *sum(validation, ())])


def _addnist(root: Path) -> Dataset:
    if not addnist.lies_in(root):
        raise DataError(
            f"AddNIST is not in {root}: put its six .npy files into {root / addnist.FOLDER}, and "
            "name the folder that holds it with --data or KIT_DATA; --download does not fetch it"
        )
    train, validation, test = addnist.read(root).values()
    return _dataset("addnist", "AddNIST", [*train, *test, *validation])


def _real(name: str, root: Path, download: bool) -> Dataset:
    class_name, folder = REAL[name]
    if not (root / folder).is_dir() and not download:
        raise DataError(
            f"{class_name} is not in {root}: name the folder that holds {folder} with --data "
            "or KIT_DATA, or let torchvision fetch it with --download"
        )
    datasets = torchvision_ops.datasets()
    try:
        train, test = (
            getattr(datasets, class_name)(str(root), train=split, download=download)
            for split in (True, False)
        )
    except (OSError, RuntimeError) as error:
        reason = str(error).strip().split("\n")[0]
        raise DataError(
            f"{class_name} could not be read from {root} ({reason}): put its files into "
            f"{root / folder}, or try --download on a machine with a network"
        ) from None
    arrays = [np.asarray(split) for part in (train, test) for split in (part.data, part.targets)]
    return _dataset(name, class_name, arrays)


def _dataset(name: str, title: str, arrays: list[Array], *, stand_in: bool = False) -> Dataset:
    digest = hashlib.sha256()
    kept = []
    for array, kind in zip(arrays, (np.uint8, np.int64) * (len(arrays) // 2), strict=True):
        kept.append(np.ascontiguousarray(array, dtype=kind))
        digest.update(f"{kept[-1].shape}{kept[-1].dtype}".encode() + kept[-1].tobytes())
        kept[-1].flags.writeable = False  # every stage sees the same data
    return Dataset(
        name,
        title,
        train_images=kept[0],
        train_labels=kept[1],
        test_images=kept[2],
        test_labels=kept[3],
        sha256=digest.hexdigest(),
        stand_in=stand_in,
        validation_images=kept[4] if len(kept) > 4 else None,
        validation_labels=kept[5] if len(kept) > 4 else None,
    )


def _olivetti(root: Path, download: bool) -> Dataset:
    """400 faces of 40 people, 64x64, on the range that scikit-learn gives them."""
    folder = root / "olivetti"
    if (folder / "olivetti_faces_uint8.npy").is_file():
        faces = np.load(folder / "olivetti_faces_uint8.npy", allow_pickle=False)
        people = np.load(folder / "olivetti_target.npy", allow_pickle=False)
    else:
        faces, people = _fetched_faces(root, download)
    faces = np.asarray(faces, np.float64) - np.min(faces)
    train, test = course_files.split(np.rint(faces * (255 / faces.max())), people)
    return _dataset("olivetti", "Olivetti faces", [*train, *test])


def _fetched_faces(root: Path, download: bool) -> tuple[Array, Array]:
    try:
        from sklearn.datasets import fetch_olivetti_faces  # a second, and only here
    except ImportError:
        raise DataError("faces are read by scikit-learn: pip install scikit-learn") from None
    try:
        found = fetch_olivetti_faces(data_home=root, download_if_missing=download)
    except OSError as error:
        reason = str(error).strip().split("\n")[0]
        raise DataError(
            f"the Olivetti faces are not in {root} ({reason}): name the folder that holds "
            "olivetti_py3.pkz or olivetti/ with --data or KIT_DATA, or let scikit-learn fetch them "
            "with --download"
        ) from None
    return found.images, found.target


def _digits(name: str) -> Dataset:
    size = DIGITS[name]
    title = f"scikit-learn digits (8×8, enlarged to {size}×{size}), a stand-in"
    return _dataset(name, title, _digits_of_size(size), stand_in=True)


def _coloured_digits() -> Dataset:
    """The digits, each with a colour of its own on a background of its own: three channels."""
    split = _digits_of_size(32)
    rng = np.random.default_rng(32)
    for place in (0, 2):  # the images of the two splits
        split[place] = coloured(split[place], rng)
    title = "scikit-learn digits (8×8, enlarged to 32×32, coloured), a stand-in"
    return _dataset(COLOURED, title, split, stand_in=True)


def _digits_of_size(size: int) -> list[Array]:
    """Training images and labels, then test images and labels."""
    try:
        from sklearn.datasets import load_digits  # a second, and only here
    except ImportError:
        raise DataError("the digits come with scikit-learn: pip install scikit-learn") from None
    images, labels = load_digits(return_X_y=True)
    order = np.random.default_rng(1797).permutation(len(labels))
    images = enlarge(images[order].reshape(-1, 8, 8) * (255 / 16), size)
    cut = DIGITS_TRAIN
    return [images[:cut], labels[order][:cut], images[cut:], labels[order][cut:]]


def coloured(images: Array, rng: np.random.Generator) -> Array:
    """Grey images (n, h, w) as (n, h, w, 3): grey mixes a dark colour with a light one, at random.

    Each image has its own two colours, so that colour says nothing about the class.
    """
    dark, light = rng.uniform(0, 100, (len(images), 3)), rng.uniform(155, 255, (len(images), 3))
    share = images[..., None] / 255
    mixed = dark[:, None, None] * (1 - share) + light[:, None, None] * share
    result: Array = np.rint(mixed).astype(np.uint8)
    return result


def enlarge(images: Array, size: int) -> Array:
    """Images (n, s, s) in 0..255 as uint8 (n, size, size), by bilinear interpolation."""
    old = images.shape[1]
    centre = np.clip((np.arange(size) + 0.5) * old / size - 0.5, 0, old - 1)
    low = np.minimum(centre.astype(int), old - 2)
    weights = np.zeros((size, old))
    weights[np.arange(size), low] = 1 - (centre - low)
    weights[np.arange(size), low + 1] = centre - low
    result: Array = np.rint(weights @ images @ weights.T).astype(np.uint8)
    return result
