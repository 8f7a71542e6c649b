"""The colours and textures of a drawn picture."""

import numpy as np

TILE = 512  # side of a texture, px; a power of two
# Photographs vary most in brightness, then from blue to yellow, then from green to red.
GREYS = np.array([0.58, 0.58, 0.57], np.float32)
BLUES = np.array([0.64, 0.08, -0.76], np.float32)
REDS = np.array([0.50, -0.80, 0.34], np.float32)


class Palette:
    """Colours that go together, as they share brightness and tint.

    Args:
        rng: Random numbers to choose the palette by.
    """

    def __init__(self, rng: np.random.Generator) -> None:
        mean = 105 + rng.normal(0, 30) * GREYS / 0.58
        self.mean = mean + rng.normal(0, 13) * BLUES + rng.normal(0, 7) * REDS
        self.spread = rng.uniform(0.6, 1.25)
        self.chroma = rng.uniform(0.15, 1.25)

    def colors(self, rng: np.random.Generator, count: int) -> np.ndarray:
        """Return random colours of the palette: float32 (count, 3) in 0..255."""
        brightness = rng.standard_t(5, count) * 78
        blue, red = rng.standard_t(3, (2, count)) * [[24], [11]] * self.chroma
        colors = np.outer(brightness, GREYS) + np.outer(blue, BLUES)
        colors = self.mean + self.spread * (colors + np.outer(red, REDS))
        return np.clip(colors, 2, 253).astype(np.float32)


class Textures:
    """Six patterns that repeat without a seam, of mean 0 and deviation 1.

    Args:
        rng: Random numbers to draw them by.

    Attributes:
        patterns: float32 (6, TILE, TILE): clouds, rough clouds, grain, waves of one
            length, wood and spots.
    """

    def __init__(self, rng: np.random.Generator) -> None:
        fy = np.fft.fftfreq(TILE)[:, None] * TILE
        fx = np.fft.rfftfreq(TILE)[None] * TILE
        frequency = np.sqrt(fx * fx + fy * fy).astype(np.float32)
        frequency[0, 0] = 1
        white = np.fft.rfft2(rng.standard_normal((TILE, TILE), np.float32))
        clouds = _noise(white / frequency**1.6)
        rough = _noise(white[::-1] / frequency**0.8)
        grain = _noise(white * np.exp(-((frequency / 180) ** 2)))
        middle = rng.uniform(12, 60)
        band = np.exp(-(((frequency - middle) / (middle / 3)) ** 2))
        waves = _noise(white * band)
        wood = np.sin(clouds * (rng.uniform(4, 14) / clouds.std()))
        spots = np.tanh(waves * (3 / waves.std()) - 2)
        patterns = np.stack([clouds, rough, grain, waves, wood, spots])
        patterns -= patterns.mean((1, 2), keepdims=True)
        self.patterns = patterns / patterns.std((1, 2), keepdims=True)

    @property
    def clouds(self) -> np.ndarray:
        """The pattern of clouds, float32 (TILE, TILE)."""
        return self.patterns[0]

    @property
    def grain(self) -> np.ndarray:
        """The pattern of film grain, float32 (TILE, TILE)."""
        return self.patterns[2]


def tiled(pattern: np.ndarray, rng: np.random.Generator, side: int) -> np.ndarray:
    """Return a pattern repeated over a picture from a random place: (side, side)."""
    y, x = ((np.arange(side) + rng.integers(TILE)) & (TILE - 1) for _ in range(2))
    return pattern[y[:, None], x[None]]


def _noise(spectrum: np.ndarray) -> np.ndarray:
    """Return the pattern of a spectrum, without its mean: float32 (TILE, TILE)."""
    spectrum = spectrum.astype(np.complex64)
    spectrum[0, 0] = 0
    return np.fft.irfft2(spectrum, s=(TILE, TILE)).astype(np.float32)
