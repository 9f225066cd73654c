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
    assert [day for day in range(1, 31) if PLAIN.mark(datetime(2009, 6, day))] == [1]
    days = [datetime(2009, 6, day) for day in range(1, 31)]
    assert [FROM_BIRTH.mark(day) for day in days if FROM_BIRTH.mark(day)] == ["−30"]
    assert FROM_BIRTH.mark(datetime(2009, 7, 6)) == "0"
