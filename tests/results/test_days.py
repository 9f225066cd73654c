"""Is a day said in one way everywhere: by its date, or from the event that a source without dates counts from?"""

from datetime import datetime

import pytest

from results.days import Days

BIRTH = datetime(2009, 7, 6).date()
PLAIN, FROM_BIRTH = Days(), Days(BIRTH, "the birth")
SAID = [
    (datetime(2009, 7, 18, 9), "Day 12 (Saturday)", "on day 12", "day 12"),
    (datetime(2009, 7, 7, 23, 59), "Day 1 (Tuesday)", "on day 1", "day 1"),
    (datetime(2009, 7, 6), "The day of the birth (Monday)", "on the day of the birth", "day 0"),
    (datetime(2009, 7, 5, 23, 59), "1 day before the birth (Sunday)", "1 day before the birth", "day −1"),
    (datetime(2008, 12, 18), "200 days before the birth (Thursday)", "200 days before the birth", "day −200"),
]


@pytest.mark.parametrize(("when", "heading", "spoken", "label"), SAID)
def test_a_source_without_dates_is_told_from_its_event(when, heading, spoken, label):
    assert FROM_BIRTH.heading(when) == heading
    assert FROM_BIRTH.spoken(when) == FROM_BIRTH.spoken(when, datetime(2010, 1, 1)) == spoken
    assert FROM_BIRTH.label(when) == label


def test_a_source_with_dates_is_told_by_the_calendar():
    when = datetime(2020, 6, 26, 12)
    assert PLAIN.heading(when) == "Friday 26 June 2020"
    assert PLAIN.spoken(when) == PLAIN.spoken(when, when) == "on 26 June"
    assert PLAIN.spoken(when, datetime(2021, 1, 1)) == "on 26 June 2020"
    assert PLAIN.label(when) == "26 Jun" and PLAIN.unit == "day" and PLAIN.note == PLAIN.inferred == ""


def test_an_axis_marks_months_or_every_thirtieth_day():
    june, july = datetime(2009, 5, 20), datetime(2009, 7, 20)
    assert PLAIN.marks(june, july) == {12: "1 June", 42: "1 July"}
    assert FROM_BIRTH.marks(june, july) == {17: "−30", 47: "0"}


def test_of_a_long_window_an_axis_marks_every_third():
    first, last = datetime(2008, 12, 1), datetime(2010, 12, 1)
    assert list(PLAIN.marks(first, last).values())[:3] == ["Jan 2009", "Apr 2009", "Jul 2009"]
    assert list(FROM_BIRTH.marks(first, last).values())[:4] == ["−180", "−90", "0", "90"]
