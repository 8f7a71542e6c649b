"""Jobs: work of minutes, each a process of its own, whose state is files.

A job is a training, or a film, pictures or a sheet to paint. One runs at a time, at
the lowest priority. `store` keeps the files, `process` runs a program, `queue` takes
one job after the other, `trained` holds the models that trainings made, and `routes` is
what clients see of it all.
"""
