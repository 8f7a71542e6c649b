"""The table that compares films with what becomes of them."""

from fractions import Fraction

from film_files import make

from benchmarks import film_files


def test_table_has_a_line_for_each_film(tmp_path, capsys):
    make(tmp_path / "a.mp4", sound="aac", times=(0, 1, 5), aspect=Fraction(2, 1))
    (tmp_path / "note.txt").touch()
    film_files.main([str(tmp_path)])
    *_, line = capsys.readouterr().out.splitlines()
    cells = [cell.strip() for cell in line.strip("|").split("|")]
    assert cells[:3] == ["a", "3 / 3", "yes"]
    assert cells[3:6] == ["1 of 1", "64x48 / 64x48", "2 / 2"]
    assert max(float(value) for value in cells[6].split(",")) < 1


def test_what_is_lost_shows_in_the_table(tmp_path):
    before = film_files.read(make(tmp_path / "a.mp4", sound="aac"))
    after = film_files.read(make(tmp_path / "b.mp4", times=(0, 1, 2, 3, 6)))
    line = film_files.line("a", before, after)
    assert "6 / 5" in line and "within 80 ms" in line and "0 of 1" in line
