"""A reader's own data: what is understood, what is refused and how, and that nothing else can happen."""

from __future__ import annotations

import codecs

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from unfold.csv_data import CsvError, read, write
from unfold.datasets import DATASETS, MOST_SAMPLES, Data, labelled, labels, split

PLAIN = "1,2,a\n3.5,-4e-1,b\n"


def same(one, other):
    return one.names == other.names and (one.X == other.X).all() and (one.Y == other.Y).all()


def test_two_numbers_and_a_label_a_row_are_data():
    data = read(PLAIN)
    assert data.X.tolist() == [[1.0, 2.0], [3.5, -0.4]]
    assert data.Y.tolist() == [[0.0], [1.0]]
    assert data.names == ("a", "b")


def test_three_labels_make_three_columns_of_answers():
    data = read("0,0,red\n1,1,green\n2,2,blue\n3,3,green\n")
    assert data.names == ("red", "green", "blue")
    assert data.Y.tolist() == [[1, 0, 0], [0, 1, 0], [0, 0, 1], [0, 1, 0]]


@pytest.mark.parametrize(
    "text",
    [
        "1;2;a\n3.5;-4e-1;b\n",
        "1\t2\ta\n3.5\t-4e-1\tb\n",
        "1,0;2,0;a\n3,5;-4e-1;b\n",
        "1\t2\ta\n3,5\t-,4\tb\n",
        "x,y,kind\n" + PLAIN,
        "Länge;Höhe;Art\n1;2;a\n3,5;-0,4;b\n",
        ",,\n" + PLAIN,
        "\n\n1,2,a\n\n , ,\n3.5,-4e-1,b\n\n",
        PLAIN.rstrip(),
        PLAIN.replace("\n", "\r\n"),
        PLAIN.replace("\n", "\r"),
        '  1 ,2,  a \n +3.5 , -.4 , "b" ',
        '"1","2","a"\n"3.5","-0.4","b"\n',
        "\ufeff" + PLAIN,
    ],
)
def test_the_same_data_are_read_however_they_are_laid_out(text):
    for source in (text, text.encode(), codecs.BOM_UTF8 + text.encode(), text.encode("utf-16")):
        assert same(read(source), read(PLAIN))


@pytest.mark.parametrize("order", ["le", "be"])
def test_utf_16_is_read_in_either_order_of_bytes(order):
    data = read(("\ufeff" + "1,2,ä\n3,4,€\n").encode(f"utf-16-{order}"))
    assert data.names == ("ä", "€")


def test_a_quoted_label_may_hold_the_mark_between_cells_and_quotes():
    assert read('1,2,"salt, pepper"\n3,4,"so-called ""b"""\n').names == ("salt, pepper", 'so-called "b"')
    assert read("1,2,a;b;c\n3,4,d\n").names == ("a;b;c", "d")


def test_labels_that_are_numbers_are_sorted_by_size_and_others_are_as_they_come():
    assert read("0,0,10\n0,0,9\n0,0,-1\n").names == ("-1", "9", "10")
    assert read("0;0;1,5\n0;0;1,25\n").names == ("1,25", "1,5")
    assert read("0,0,10\n0,0,9\n0,0,b\n").names == ("10", "9", "b")
    assert labels(read("0,0,1\n0,0,0\n").Y).tolist() == [1, 0]


def test_a_header_that_lists_the_labels_gives_their_order():
    assert read("x,y,b|a\n" + PLAIN).names == ("b", "a")
    assert read("x,y,b|c\n" + PLAIN).names == ("a", "b")


def test_numbers_far_outside_the_plane_are_read_to_the_last_place():
    assert read("1e6,-1e308,a\n5e-324,0.1,b\n").X.tolist() == [[1e6, -1e308], [5e-324, 0.1]]


ALLOWED_NUMBER = "a number such as 1.5 is allowed"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (
            "width,height,kind\n1,2,a\n3,abc,b\n",
            f'row 3, column 2 ("height"): "abc" is not a number; {ALLOWED_NUMBER}',
        ),
        ("1,2,a\n\n3,abc,b\n", f'row 3, column 2: "abc" is not a number; {ALLOWED_NUMBER}'),
        ("1;2;a\n3;;b\n", f'row 2, column 2: "" is not a number; {ALLOWED_NUMBER}'),
        ("1;2;a\n1.000,5;2;b\n", f'row 2, column 1: "1.000,5" is not a number; {ALLOWED_NUMBER}'),
        ('1,2,a\n"1,5",2,b\n', f'row 2, column 1: "1,5" is not a number; {ALLOWED_NUMBER}'),
        ("abc;1;a\n", f'row 1, column 1: "abc" is not a number; {ALLOWED_NUMBER}'),
        ("1,2,a\n1_000,2,b\n", f'row 2, column 1: "1_000" is not a number; {ALLOWED_NUMBER}'),
        ("1,2,a\n٣,2,b\n", f'row 2, column 1: "٣" is not a number; {ALLOWED_NUMBER}'),
        ("nan,nan,a\n1,2,b\n", f'row 1, column 1: "nan" is not a finite number; {ALLOWED_NUMBER}'),
        ("1,2,a\n1,-inf,b\n", f'row 2, column 2: "-inf" is not a finite number; {ALLOWED_NUMBER}'),
        ("1,2,a\n1e309,2,b\n", f'row 2, column 1: "1e309" is not a finite number; {ALLOWED_NUMBER}'),
        (
            "1,2,a\n1,2" + 30 * "9" + "x,b\n",
            f'row 2, column 2: "2{23 * "9"}…" is not a number; {ALLOWED_NUMBER}',
        ),
        ("1,2\n3,4\n", 'row 1, column 3: "" is missing; two numbers and a label are allowed'),
        ("1,5;2,5\n3,5;4,5\n", 'row 1, column 3: "" is missing; two numbers and a label are allowed'),
        ("5\n", 'row 1, column 2: "" is missing; two numbers and a label are allowed'),
        ("x,y,kind\n1,2,a,b\n", 'row 2, column 4: "b" is too many; two numbers and a label are allowed'),
        ("1,2,a\n3,4, \n", 'row 2, column 3: "" is not a label; a name or number on one line is allowed'),
        (
            '1,2,"a\n3,4,b\n',
            r'row 1, column 3: "a\n3,4,b" is not a label; a name or number on one line is allowed',
        ),
        (
            "x,y,kind\n1,2,a\n1,2,b\n1,2,c\n1,2,d\n1,2,e\n",
            'row 5, column 3 ("kind"): "d" is a fourth label; two or three different ones are allowed',
        ),
        ("1,2,a\n3,4,a\n", 'row 2, column 3: "a" is the only label; two or three different ones are allowed'),
        ("", "row 1, column 1: there are no data; rows of two numbers and a label are allowed"),
        (" \n\n", "row 1, column 1: there are no data; rows of two numbers and a label are allowed"),
        ("x,y,kind\n", "row 1, column 1: there are no data; rows of two numbers and a label are allowed"),
        (
            "1,2," + 200_000 * "a",
            "row 1, column 1: a cell or an open quote is too long; 131,072 characters are allowed",
        ),
    ],
)
def test_a_refusal_names_the_row_the_column_the_value_and_what_is_allowed(text, message):
    with pytest.raises(CsvError) as refused:
        read(text)
    assert str(refused.value) == message
    assert f"row {refused.value.row}, column {refused.value.column}" in message


@pytest.mark.parametrize(
    ("source", "place"),
    [
        (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", "row 1, column 1"),
        ("1,2,a\n3,4,b\n".encode("utf-16-le"), "row 1, column 1"),
        ("1,2,a\n3,4,ü\n".encode("latin-1"), "row 2, column 3"),
        (b"1,2,a\n3,4,\x00b\n", "row 2, column 3"),
        ("1,2,a\n3,4,b".encode("utf-16")[:-1], "row 2, column 3"),
        ("1,2,a\n3,4,\ud800\n", "row 2, column 3"),
    ],
)
def test_bytes_that_are_not_text_are_refused_where_they_stand(source, place):
    with pytest.raises(
        CsvError, match=f"^{place}: .* is not text; UTF-8, or UTF-16 with a byte-order mark, is allowed$"
    ):
        read(source)


@pytest.mark.parametrize("header", ["", "x,y,kind\n"])
def test_twenty_thousand_rows_are_read_and_one_more_is_refused(header):
    rows = ["1,2,a\n", "3,4,b\n"] * (MOST_SAMPLES // 2)
    assert len(read(header + "".join(rows)).X) == MOST_SAMPLES
    with pytest.raises(CsvError, match=r"is in a row too many; 20,000 rows of data are allowed$"):
        read(header + "".join(rows) + rows[0])


@pytest.mark.parametrize("name", DATASETS)
def test_every_data_set_and_either_part_of_a_split_is_read_back_as_it_was_written(name):
    data = DATASETS[name](60, 0.2, 4)
    for part in (data, *split(data)):
        assert same(read(write(part)), part)
        assert same(read(write(part).encode("utf-16")), part)


FINITE = st.floats(allow_nan=False, allow_infinity=False)
NAME = (
    st.text(st.characters(exclude_categories=["Cc", "Cs"], exclude_characters="|\ufffd\ufeff"), min_size=1, max_size=9)
    | st.text(' ab1.,;\t"', min_size=1, max_size=9)
).filter(lambda name: name == name.strip())


@st.composite
def own_data(draw):
    names = tuple(draw(st.lists(NAME, min_size=2, max_size=3, unique=True)))
    more = draw(st.lists(st.integers(0, len(names) - 1), max_size=12))
    which = draw(st.permutations([*range(len(names)), *more]))
    points = draw(st.lists(st.tuples(FINITE, FINITE), min_size=len(which), max_size=len(which)))
    return labelled(np.array(points, float), np.array(which), names)


@given(own_data())
@example(Data(np.array([[-0.0, 5e-324], [1.7976931348623157e308, 0.1]]), np.array([[1.0], [0.0]]), ("2", "1")))
def test_whatever_is_written_is_read_back_to_the_last_place(data):
    again = read(write(data))
    assert same(again, data)
    assert (np.signbit(again.X) == np.signbit(data.X)).all()


def only_csv_errors(source):
    try:
        data = read(source)
    except CsvError as refused:
        error = refused
    else:
        assert np.isfinite(data.X).all()
        assert data.X.shape == (len(data.Y), 2)
        assert set(labels(data.Y)) == set(range(len(data.names)))
        assert len(data.names) in (2, 3)
        assert same(read(write(data)), data)
        return
    assert str(error).startswith(f"row {error.row}, column {error.column}")
    assert min(error.row, error.column) >= 1
    assert "allowed" in str(error)
    assert len(str(error)) < 250
    str(error).encode()  # a message can always be shown


@given(st.binary(max_size=200) | st.text(st.characters(), max_size=100))
@example(b"\xff\xfe")
@example(b"\xfe\xff\xd8")
@example(b"\xff\xfe\x00\x00")
@example('"')
@example("\0")
@example("\ud800,\ud800,\ud800\n1,2,a\nb")
def test_no_bytes_and_no_text_meet_any_other_error(source):
    only_csv_errors(source)


PIECES = [
    *'0123456789.-+eE,;\t" \n\r|\0',
    "nan",
    "inf",
    "1,5",
    ";2;",
    ",2,",
    "a\n",
    "b\n",
    "ü",
    "\ufeff",
    "\x85",
    "x,y,",
]


@given(st.lists(st.sampled_from(PIECES), max_size=40).map("".join), st.sampled_from(["utf-8", "utf-16", "latin-1"]))
@example("1,2,b\n1,2,a\x85c\n", "utf-8")
def test_no_text_that_is_nearly_right_meets_any_other_error(text, encoding):
    only_csv_errors(text)
    only_csv_errors(text.encode(encoding, "replace"))


@given(st.lists(st.tuples(st.integers(0, 60), st.integers(0, 255)), max_size=4))
def test_no_damage_to_a_file_meets_any_other_error(changes):
    data = bytearray(b'x,y,b|a\n1.5,-2,a\n-3e1,4,b\n5,.6,a\n\n"7",8,"b"\n 9 ,0,a\n')
    for place, byte in changes:
        data[place % len(data)] = byte
    only_csv_errors(bytes(data))
