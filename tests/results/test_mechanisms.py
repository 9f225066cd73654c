"""The reviews' mechanisms of loss, mapped onto the reasons of the model: none is left out, none made up."""

from collections import Counter

import pytest

from results.mechanisms import listed, mechanisms
from scenarios.faults import BadInput
from scenarios.load import HERE
from scenarios.toml import read_toml
from simulation.reasons import REASONS, stage_of

TABLES = {
    "child-s": " ".join(f"L{number:02}" for number in range(1, 39)),
    "child-j": """
        m-referral-delay m-agency-not-invited m-no-onward-route m-no-chronology m-disguised-compliance
        m-credulous-self-report m-contradiction-not-challenged m-quiet-parent-overshadowed m-not-seen-alone
        m-history-not-sought m-no-pre-birth-assessment m-no-professionals-only-forum m-minutes-not-circulated
        m-within-agency-silo m-adult-facing-child-blind m-summary-not-observation m-optimism-snapshot m-contact-failure
        m-no-risk-tool m-workload m-parents-defensive m-unkept-offers m-handover-without-history
        m-no-health-custody-link""",
    "child-e": """
        m-adult-facing-child-blind m-no-flag-open-close m-closed-without-multiagency m-no-stepdown-plan
        m-victim-as-protector m-perpetrator-not-engaged m-separation-assumed-safe m-poor-records m-weak-sharing
        m-description-not-analysis m-advice-counted-as-safety m-relapse-not-assessed m-crisis-episodic
        m-history-not-sought m-record-split-by-practice m-engagement-as-protection""",
    "child-k": """
        m-protocol-unknown-bruise m-protocol-unknown-icpc m-credulous-self-report m-human-factors-avoidance
        m-invisible-father m-office-hours m-no-father-field m-no-genogram m-no-multiagency-meeting
        m-no-engagement-overview m-handover-not-communicated m-closed-without-multiagency
        m-non-engagement-as-reason-to-close m-single-finding-collapse m-assumed-outcome m-plan-lost-at-transition
        m-child-not-centre m-early-help-not-embedded m-stress-not-weighed m-hospital-distance""",
    "child-h": """
        m-adult-facing-child-blind m-adult-needs-dominate m-no-multiagency-meeting m-within-agency-silo
        m-family-support-mindset m-optimism-snapshot m-credulous-self-report m-no-curiosity m-history-not-read
        m-handover-without-history m-no-objective-parenting-analysis m-no-challenge m-reactive-not-proactive
        m-gather-not-share m-minimised-alcohol m-chaotic-moves m-unseen-leaver m-sedation-not-joined
        m-voluntary-agreement-vague m-system-repeats""",
}
TABLES = {case: names.split() for case, names in TABLES.items()}
"""The mechanism tables of the five case files of evidence, every id."""
OUTSIDE = {"L37", "m-system-repeats"}


def test_the_tables_are_whole():
    assert {case: len(names) for case, names in TABLES.items()} == {
        "child-s": 38,
        "child-j": 24,
        "child-e": 16,
        "child-k": 20,
        "child-h": 20,
    }


@pytest.mark.parametrize(("case", "name"), [(case, name) for case, names in TABLES.items() for name in names])
def test_no_mechanism_of_a_review_is_unmapped(case, name):
    one = mechanisms()[name]
    assert case in one.cases
    assert bool(one.reasons) != (name in OUTSIDE)


def test_none_is_made_up_and_none_is_given_to_another_review():
    named = {(case, name) for case, names in TABLES.items() for name in names}
    assert {(case, name) for name, one in mechanisms().items() for case in one.cases} == named


def test_each_is_told_at_a_stage_where_the_evidence_sees_it_or_says_why_not():
    noted = set()
    for name, one in mechanisms().items():
        if one.reasons and not {stage_of(reason) for reason in one.reasons} & {*one.stages}:
            assert one.note
            noted.add(name)
    assert noted == {"L20", "L29"}


def test_every_reason_says_why_it_made_sense_at_the_time():
    for name, words in listed().items():
        assert name in OUTSIDE or all(REASONS[reason][2] in words for reason in mechanisms()[name].reasons)
    told = Counter(reason for one in mechanisms().values() for reason in one.reasons)
    assert set(REASONS) - set(told) == {"consent-unclear"}, (
        "no review here names doubt about consent as what stopped it"
    )


def test_the_fates_name_no_mechanism_that_is_unmapped():
    for path in sorted((HERE / "targets").glob("*-fates.toml")):
        for row in read_toml(path).values():
            named = row.get("mechanism", ()) if isinstance(row, dict) else ()
            assert {*named} <= mechanisms().keys(), path.name


def test_what_does_not_hold_together_is_refused(tmp_path):
    path = tmp_path / "mine.toml"
    path.write_text(
        '[a]\nwords = "something"\ncases = ["x"]\nstages = ["sent"]\nreasons = ["unreed"]\n'
        '[b]\nwords = "something"\ncases = ["x"]\nstages = ["sent"]\n'
        '[c]\nwords = "something"\ncases = ["x"]\nstages = ["noticed"]\nreasons = ["unread"]\n',
        encoding="utf-8",
    )
    with pytest.raises(BadInput) as refused:
        mechanisms(path)
    assert [fault.row for fault in refused.value.faults] == ["a reasons", "b", "c reasons"]
    assert "unread" in str(refused.value)
