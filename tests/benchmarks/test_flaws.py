import numpy as np
import pytest

from benchmarks import flaws


@pytest.fixture
def photo():
    """Lightness of two flat regions, with an edge between columns 127 and 128."""
    lightness = np.full((200, 256), 40, np.float32)
    lightness[:, 128:] = 75
    return lightness


@pytest.fixture
def distance():
    """The px of each column of the photograph from its edge."""
    return np.broadcast_to(np.abs(np.arange(256) - 127.5), (200, 256))


@pytest.fixture
def noise():
    return np.random.default_rng(0).normal(0, 10, (200, 256)).astype(np.float32)


def halo(photo, picture):
    return flaws.halo(photo, picture, flaws.surroundings(photo))


def test_a_photograph_keeps_its_edges_at_any_contrast(photo):
    assert flaws.edge_preservation(photo, photo) == pytest.approx(1)
    assert flaws.edge_preservation(photo, 80 - photo / 2) == pytest.approx(1)


def test_edges_elsewhere_are_not_kept(photo, noise):
    assert flaws.edge_preservation(photo, np.roll(photo, 20, 1)) < 0.5
    assert abs(flaws.edge_preservation(photo, 50 + noise)) < 0.1
    assert np.isnan(flaws.edge_preservation(photo, np.zeros_like(photo)))


def test_a_drawn_halo_is_as_bright_as_drawn(photo, distance):
    near = (distance > 2) & (distance < 16)
    assert halo(photo, photo + 12 * near) == pytest.approx(12, abs=0.1)


def test_a_photograph_has_no_halo(photo, distance, noise):
    own = photo + 12 * np.exp(-distance / 40)
    assert halo(own, own) == pytest.approx(0, abs=1e-5)
    assert halo(photo, photo / 2) == pytest.approx(0, abs=0.1)
    assert abs(halo(photo, photo + noise)) < 0.5
    assert np.isnan(halo(photo[:, :100], photo[:, :100]))


def test_an_outline_hides_no_halo(photo, distance):
    glow = 12 * ((distance > 9) & (distance < 16))
    outline = 30 * (distance < 9)
    assert halo(photo, photo - outline) == pytest.approx(0, abs=0.1)
    assert halo(photo, photo + glow - outline) > 0.5 * halo(photo, photo + glow) > 2


def test_a_halo_counts_in_flat_regions_alone(photo, distance, noise):
    rough = photo + 2 * noise
    near = (distance > 2) & (distance < 16)
    assert np.isnan(halo(rough, rough + 12 * near))


def test_a_halo_of_colour_is_seen_apart(photo, distance, noise):
    near = 12 * ((distance > 2) & (distance < 16))
    places = flaws.surroundings(photo)
    plain, yellow = np.zeros((*photo.shape, 2), np.float32), np.zeros((*photo.shape, 2))
    yellow[..., 1] = near
    assert flaws.color_halo(plain, yellow, places) == pytest.approx(12, abs=0.1)
    assert flaws.color_halo(plain, -yellow, places) == pytest.approx(12, abs=0.1)
    assert flaws.color_halo(yellow, yellow, places) == pytest.approx(0, abs=1e-5)
    strokes = np.stack([noise, noise.T.reshape(photo.shape)], -1)
    assert abs(flaws.color_halo(plain, strokes, places)) < 0.5


def gray(lightness):
    return np.repeat(np.rint(lightness)[..., None], 3, -1).astype(np.uint8)


@pytest.mark.parametrize("period", [2, 4, 8])
@pytest.mark.parametrize("phase", [0, 1])
def test_a_drawn_grid_has_its_energy_at_its_period(period, phase, noise):
    # A wave along one axis; at 2 px it has no other values than its extremes.
    wave = 10 * np.cos(2 * np.pi * (np.arange(256) + phase) / period)
    expected = 10 if period == 2 else 10 / np.sqrt(2)
    for picture in (128 + wave + 0 * noise, 128 + wave[:200, None] + 0 * noise.T[:200]):
        energies = {p: flaws.grid_energy(gray(picture), p) for p in (2, 4, 8)}
        assert energies.pop(period) == pytest.approx(expected, rel=0.02)
        assert max(energies.values()) < 0.1
    found = flaws.grid_energy(gray(128 + wave + noise), period)
    assert found == pytest.approx(expected, rel=0.05)


def test_dots_are_a_grid_too():
    wave = np.cos(2 * np.pi * np.arange(128) / 4)
    dots = 128 + 20 * np.outer(wave, wave)
    assert flaws.grid_energy(gray(dots), 4) == pytest.approx(10, rel=0.02)


def test_texture_and_edges_are_no_grid(photo, noise):
    for period in (2, 4, 8):
        assert flaws.grid_energy(gray(128 + noise), period) < 0.4
        assert flaws.grid_energy(gray(2 * photo), period) < 0.4
