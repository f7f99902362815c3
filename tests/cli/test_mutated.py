"""Every field of every example, spoilt in every way: always told, never guessed, never a crash."""

import json
import re
import shutil
import tomllib
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from afterglow.cli.main import main
from tests.cli.files import CASE, ran, written

EXAMPLES = Path(__file__).parents[2] / "docs" / "examples"
READ_BY = {
    "predict": "case.toml",
    "high": "case.toml",
    "mechanism": "case.toml",
    "update": "course.toml",
    "plan": "course.toml",
    "trial": "trial.toml",
    "simulate": "population.toml",
}
FIELD = re.compile(r"(\w+) = (\S.*)")
# None of these can be meant anywhere, but for words where any words are a name.
NEVER = (
    "nan",
    "inf",
    "-inf",
    "-1",
    "1e300",
    "9" * 26,
    "9" * 400,
    '""',
    '" "',
    '"x"',
    "[nan]",
    "[[1]]",
    "{}",
    "{ a = 1 }",
    "1979-05-27",
    "07:32:00",
)
NAMES = {"name": ('"x"',)}
BEFORE = {("score", "day"): ("-1",)}  # a score is taken days before the first session, too
PLAN_ALONE = ("next", "limits", "candidates", "exposure")  # tables that `update` leaves to `plan`
QUIET = settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


def fields(name):
    """Every field of an example: its line, name and table."""
    table = ""
    for number, line in enumerate((EXAMPLES / name).read_text("utf-8").splitlines(), 1):
        if header := re.match(r"\[+(\w+)", line):
            table = header[1]
        elif field := FIELD.match(line):
            yield number, field[1], table


def asked(command, file, folder):
    more = ("--out", str(folder / "people.parquet")) if command == "simulate" else ()
    return command, str(file), *more


def spoilt(folder, name, number, line):
    """The example with one line changed."""
    lines = (EXAMPLES / name).read_text("utf-8").splitlines()
    lines[number - 1 : number] = line
    return written(folder, "\n".join(lines), name)


@pytest.fixture
def folder(tmp_path):
    shutil.copy(EXAMPLES / "course-seen.csv", tmp_path)
    return tmp_path


EVERY = [
    pytest.param(command, number, field, table, id=f"{command}-{number}-{field}")
    for command, name in READ_BY.items()
    for number, field, table in fields(name)
    if not (command == "update" and table in PLAN_ALONE)
]


@pytest.mark.parametrize(("command", "number", "field", "table"), EVERY)
def test_what_cannot_be_meant_is_told_with_its_line_and_field(
    capsys, folder, command, number, field, table
):
    name = READ_BY[command]
    for value in NEVER:
        if value in NAMES.get(field, ()) and table in ("arm", "regimen"):
            continue
        if value in BEFORE.get((table, field), ()):
            continue
        file = spoilt(folder, name, number, [f"{field} = {value}"])
        code, out, err = ran(capsys, *asked(command, file, folder))
        assert (code, out) == (2, ""), f"{field} = {value}: {err}"
        assert f"{name}, line {number}" in err, value
        assert field in err, value
        assert len(err) < 900


@pytest.mark.parametrize(("command", "number", "field", "table"), EVERY)
def test_a_field_that_stands_twice_or_under_another_name_is_told(
    capsys, folder, command, number, field, table
):
    name = READ_BY[command]
    line = (EXAMPLES / name).read_text("utf-8").splitlines()[number - 1]
    file = spoilt(folder, name, number, [line, line])
    code, _, err = ran(capsys, *asked(command, file, folder))
    assert code == 2
    assert f"{name}, line {number + 1}: {field} stands there twice" in err
    for other in (f"other_{field}", field.upper()):
        file = spoilt(folder, name, number, [line.replace(field, other, 1)])
        code, _, err = ran(capsys, *asked(command, file, folder))
        assert code == 2, err
        assert field in err or other in err
        assert f"{name}, line " in err


@pytest.mark.parametrize("command", READ_BY)
@pytest.mark.parametrize(
    "spoil",
    [
        lambda text: "\ufeff" + text,
        lambda text: text.replace("\n", "\r\n"),
        lambda text: text.replace(" = ", "="),
        lambda text: text.replace('"female"', "'female'"),
    ],
    ids=["mark", "windows", "narrow", "quotes"],
)
def test_how_an_editor_saves_a_file_does_not_move_its_lines(capsys, folder, command, spoil):
    name = READ_BY[command]
    text = (EXAMPLES / name).read_text("utf-8")
    number = next(n for n, field, _ in fields(name) if field in ("route",))
    lines = text.splitlines()
    lines[number - 1] = 'route = "rectal"'
    (folder / name).write_bytes(spoil("\n".join(lines)).encode("utf-8"))
    code, _, err = ran(capsys, *asked(command, folder / name, folder))
    assert code == 2
    assert f"{name}, line {number}" in err
    assert "route must be one of intravenous" in err


FILES = {
    "empty.toml": (b"", "is missing"),
    "blank.json": (b"\n\n", "line 3: this is not JSON"),
    "latin.toml": (b"# ok\n# caf\xe9\n", "latin.toml, line 2: this is not text in UTF-8"),
    "wide.toml": ("[patient]".encode("utf-16"), "line 1: this is not text in UTF-8"),
    "zero.toml": (b"\0" * 100, "line 1: this is not TOML"),
    "large.toml": (b"# padding\n" * 1_000_000, "at most 2 MB are read"),
    "deep.toml": (b"x = " + b"[" * 100_000 + b"]" * 100_000, "nested at most 12 deep"),
    "deep.json": (b'{"x":' * 100_000 + b"1" + b"}" * 100_000, "nested at most 12 deep"),
    "level.json": (b'{"x":' + b"[" * 20 + b"]" * 20 + b"}", "nested at most 12 deep"),
    "digits.toml": (b"# a\nx = " + b"9" * 6000, "digits.toml, line 2: a number must have fewer"),
    "digits.json": (b'{"x": ' + b"9" * 6000 + b"}", "digits.json, line 1: a number must have"),
    "list.json": (b"[]", "line 1: an object of tables is expected"),
    "twice.toml": (b"[patient]\n[patient]\n", "line 2: [patient] stands there twice"),
    "stray.toml": (b"\n\n[stray]\nx = 1\n", "stray"),
}


@pytest.mark.parametrize("command", READ_BY)
@pytest.mark.parametrize("name", FILES)
def test_a_file_that_is_none_of_ours_is_told(capsys, tmp_path, command, name):
    content, words = FILES[name]
    (tmp_path / name).write_bytes(content)
    code, out, err = ran(capsys, *asked(command, tmp_path / name, tmp_path))
    assert (code, out) == (2, "")
    assert words in err
    assert len(err) < 900


@pytest.mark.parametrize("command", READ_BY)
def test_what_is_no_file_is_told(capsys, tmp_path, command):
    (tmp_path / "folder.toml").mkdir()
    (tmp_path / "round.toml").symlink_to(tmp_path / "round.toml")
    (tmp_path / "nowhere.toml").symlink_to(tmp_path / "none")
    for name, words in (
        ("folder.toml", "Is a directory"),
        ("round.toml", "symbolic links"),
        ("nowhere.toml", "there is no such file"),
        ("x" * 3000 + ".toml", "File name too long"),
    ):
        code, _, err = ran(capsys, *asked(command, tmp_path / name, tmp_path))
        assert code == 2
        assert words in err or len(name) > 800


TABLES = {
    "semicolons": ("session;at_min;kind;value\n1;20;cadss;12\n", 1, "a comma must stand between"),
    "tabs": ("session\tat_min\n1\t20\n", 1, "a comma must stand between"),
    "no names": ("1,20,cadss,12\n1,30,cadss,9\n", 2, "is missing"),
    "a name twice": ("session,session\n1,1\n", 1, "names of columns are expected, each once"),
    "no rows": ("session,at_min,kind,value\n", 1, "[[observation]] must be there"),
    "nothing": ("", 1, "names of columns are expected"),
    "capitals": ("Session,at_min,kind,value\n1,20,cadss,9\n", 2, "Session stands there instead"),
    "a comma for a point": ("session,at_min,kind,value\n1,20,cadss,9,5\n", 2, "4 cells"),
    "an open quote": ('session,at_min,kind,value\n1,20,"cadss,9\n', 2, "this is not CSV"),
    "a long cell": ("session,at_min\n1," + "9" * 200_000 + "\n", 2, "this is not CSV"),
    "other digits": ("session,at_min,kind,value\n1,٢٠,cadss,9\n", 2, "at_min must be a number"),
    "no number": ("session,at_min,kind,value\n1,20,cadss,NA\n", 2, "value must be a number, 0 to"),
    "too many": ("session\n" + "1\n" * 100_001, 100_002, "at most 100000 rows"),
}


@pytest.mark.parametrize("name", TABLES)
@pytest.mark.parametrize("command", ["update", "plan"])
def test_a_table_beside_that_cannot_be_meant_is_told_with_its_line(capsys, folder, command, name):
    text, line, words = TABLES[name]
    shutil.copy(EXAMPLES / "course.toml", folder)
    (folder / "course-seen.csv").write_text(text, encoding="utf-8")
    code, out, err = ran(capsys, command, str(folder / "course.toml"))
    assert (code, out) == (2, "")
    assert words in err
    where = "course.toml, line 2" if name == "no rows" else f"course-seen.csv, line {line}"
    assert where in err


@QUIET
@given(content=st.binary(max_size=300))
@pytest.mark.parametrize("command", ["predict", "update", "trial"])
@pytest.mark.parametrize("suffix", ["toml", "json", "csv"])
def test_no_bytes_at_all_make_a_crash(capsys, tmp_path, command, suffix, content):
    file = tmp_path / f"any.{suffix}"
    file.write_bytes(content)
    assert ran(capsys, command, str(file))[0] == 2


LEAF = st.none() | st.booleans() | st.floats() | st.integers() | st.text(max_size=8)
ANYTHING = st.recursive(
    LEAF,
    lambda one: st.lists(one, max_size=3) | st.dictionaries(st.text(max_size=5), one),
    max_leaves=6,
)


@QUIET
@given(value=ANYTHING, data=st.data())
@pytest.mark.parametrize("command", ["predict", "high"])
def test_whatever_stands_in_a_table_of_a_case_is_told_or_answered(
    capsys, tmp_path, command, value, data
):
    raw = tomllib.loads(CASE)
    table = data.draw(st.sampled_from(sorted(raw)))
    inside = raw[table][0] if table == "dose" else raw[table]
    field = data.draw(st.sampled_from(["", *sorted(inside)]))
    if field:
        inside[field] = value
    else:
        raw[table] = value
    code, out, err = ran(capsys, command, written(tmp_path, json.dumps(raw), "case.json"))
    assert code in (0, 2, 3)
    assert (code == 0) == bool(out)
    assert (code == 0) != bool(err)


@pytest.fixture(scope="module")
def belief(tmp_path_factory):
    folder = tmp_path_factory.mktemp("belief")
    out = folder / "belief.json"
    with pytest.raises(SystemExit) as ended:
        main(["update", str(EXAMPLES / "course.toml"), "--out", str(out)])
    assert not ended.value.code
    return json.loads(out.read_text("utf-8"))


@pytest.mark.parametrize(
    ("path", "value", "words"),
    [
        (("kind",), "Other", "kind must be Belief"),
        (("model",), [], "model must be words"),
        (("parameters", 0), "bogus", "parameters must be those of simons_2022 today"),
        (("parameters",), [], "parameters must be those of simons_2022 today"),
        (("mean", 0), float("nan"), "mean must be numbers from -50 to 50"),
        (("mean", 0), "0.1", "mean must be a number"),
        (("mean",), [0.0], "mean must have the shape"),
        (("cov", 0), [], "cov must have the shape"),
        (("draws", 0, 0), float("inf"), "draws must be numbers from -50 to 50"),
        (("draws", 0, 0), 1e300, "draws must be numbers from -50 to 50"),
        (("draws", 0), [0.0], "draws must have the shape"),
        (("draws",), [], "draws must have the shape"),
        (("trust",), None, "trust is missing"),
        (("trust", "converged"), 1, "converged must be true or false"),
        (("assumptions", 0), [], "assumptions must be words"),
        (("covariates", "weight_kg"), 7000, "weight_kg must be 20 to 350 kg"),
        (("covariates", "weight_kg"), 200, "weight_kg"),
        (("observed", 0, "doses", 0, "amount", "mg"), True, "mg must be a number"),
        (("observed", 0, "number"), 1.5, "number must be a whole number"),
    ],
)
def test_a_belief_that_was_spoilt_is_never_planned_from(
    capsys, tmp_path, belief, path, value, words
):
    raw = json.loads(json.dumps(belief))
    inside = raw
    for step in path[:-1]:
        inside = inside[step]
    inside[path[-1]] = value
    file = written(tmp_path, json.dumps(raw), "belief.json")
    code, out, err = ran(capsys, "plan", str(EXAMPLES / "course.toml"), "--belief", file)
    assert (code, out) == (2, "")
    assert "belief.json holds no belief" in err
    assert words in err
