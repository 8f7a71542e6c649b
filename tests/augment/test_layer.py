"""The layer of Keras, in the pipelines that it is made for."""

import random

import numpy as np
import pytest

from fast_style.augment import Augmenter, Choices

pytestmark = pytest.mark.slow  # TensorFlow
OPTIONS = {"strength": (0.2, 1.0), "blend": 2, "seed": 5}
INDICES = [4, 0, 9, 2, 11]


@pytest.fixture
def layer(gallery):
    from fast_style.augment import RandomStyle

    return RandomStyle(**OPTIONS, model=str(gallery))


@pytest.fixture
def expected(gallery, batch):
    return Augmenter(Choices(**OPTIONS), model=gallery)(batch, INDICES)


def test_it_paints_in_a_map_of_tf_data(layer, batch, expected):
    import tensorflow as tf

    data = tf.data.Dataset.from_tensor_slices((batch, np.array(INDICES)))
    batches = data.batch(2).map(layer, num_parallel_calls=2)
    assert batches.element_spec == tf.TensorSpec((None, 17, 23, 3), tf.uint8)
    np.testing.assert_array_equal(np.concatenate(list(batches)), expected)
    one_by_one = data.shuffle(5, seed=0).map(lambda x, i: (i, layer(x, i)))
    for index, painted in one_by_one:
        place = INDICES.index(int(index))
        np.testing.assert_array_equal(painted, expected[place])


def test_it_feeds_a_training_by_a_pydataset(layer, batch, expected):
    import keras

    seen = []

    class Pictures(keras.utils.PyDataset):
        def __len__(self):
            return 1

        def __getitem__(self, position):
            painted = layer(batch, np.array(INDICES))
            seen.append(np.asarray(painted))
            return painted, np.zeros(5)

    model = keras.Sequential([keras.layers.Flatten(), keras.layers.Dense(1)])
    model.compile("sgd", "mse")
    model.fit(Pictures(workers=2, use_multiprocessing=False), verbose=0)
    np.testing.assert_array_equal(seen[0], expected)


def test_float_pictures_stay_float(layer, batch, expected):
    painted = layer(batch.astype(np.float32), np.array(INDICES))
    assert painted.dtype == "float32"
    np.testing.assert_array_equal(painted, expected)


def test_a_model_paints_while_it_trains_alone(layer, batch):
    import keras

    inputs = keras.Input((17, 23, 3), dtype="uint8")
    model = keras.Model(inputs, layer(inputs))
    np.testing.assert_array_equal(model.predict(batch, verbose=0), batch)
    random.seed(1)
    painted = model(batch, training=True)
    random.seed(1)
    np.testing.assert_array_equal(painted, layer(batch))
    assert (np.asarray(painted) != batch).any()


def test_its_config_makes_it_anew(layer, batch, expected):
    import keras

    config = keras.saving.serialize_keras_object(layer)
    copy = keras.saving.deserialize_keras_object(config)
    np.testing.assert_array_equal(copy(batch, np.array(INDICES)), expected)
    with pytest.raises(ValueError, match="blend is 0"):
        type(layer)(blend=0)
