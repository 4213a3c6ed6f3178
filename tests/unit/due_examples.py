"""Every worked example of the deadline catalogue that has a date or a clock and an instant for an answer.

One line per example: `rule;since;profile;soft;hard;the source's own words`. Times are local to Stockholm.
Where the source states only a date, the clock is the one its general rules give (office close, 14:00 or 23:59).
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Example:
    """One worked example; `soft` and `hard` as the batch command prints them."""

    rule: str
    since: str
    profile: str
    soft: str
    hard: str
    words: str

    @property
    def question(self) -> str:
        return f"{self.rule};{self.since};{self.profile}"

    @property
    def answer(self) -> str:
        return f"{self.question};{self.soft};{self.hard}"


MESSAGES = """
D01;2026-04-02T15:10;norrkoping;2026-04-07T17:00;2026-04-07T23:59;tor 2026-04-02 15:10, soft and hard tis 2026-04-07
D01;2026-11-20T10:00;norrkoping;2026-11-20T17:00;2026-11-23T23:59;fre 2026-11-20 10:00, soft fre 17:00, hard mån 23:59
D01;2026-12-23T16:00;norrkoping;2026-12-28T17:00;2026-12-28T23:59;ons 2026-12-23 16:00, mån 2026-12-28
D01;2026-04-02T13:59;norrkoping;2026-04-02T17:00;2026-04-07T23:59;tor 2026-04-02 before 14:00, soft the same day 17:00
D02;2026-11-20T14:05;norrkoping;2026-11-23T14:00;-;fre 2026-11-20 14:05, mån 2026-11-23 09:00–14:00
D02;2026-06-18T14:05;norrkoping;2026-06-22T14:00;-;tor 2026-06-18 14:05, mån 2026-06-22 09:00–14:00
D02;2026-12-30T14:30;norrkoping;2027-01-04T14:00;-;ons 2026-12-30 14:30, mån 2027-01-04 09:00–14:00
D02;2026-11-20T14:00;norrkoping;2026-11-23T14:00;-;exactly 14:00:00 has missed the window
D03;2026-11-16T09:00;norrkoping;2026-11-23T17:00;2026-11-23T23:59;mån 2026-11-16, mån 2026-11-23
D03;2026-04-02T09:00;norrkoping;2026-04-13T17:00;2026-04-13T23:59;tor 2026-04-02, mån 2026-04-13
D03;2026-06-15T09:00;norrkoping;2026-06-23T16:00;2026-06-23T23:59;mån 2026-06-15, tis 2026-06-23 (midsommarafton)
D03;2026-12-18T09:00;norrkoping;2026-12-29T17:00;2026-12-29T23:59;fre 2026-12-18, tis 2026-12-29 (24, 25 skipped)
D03;2026-12-22T09:00;norrkoping;2027-01-04T17:00;2027-01-04T23:59;tis 2026-12-22, mån 2027-01-04
D03;2026-10-24T09:00;norrkoping;2026-10-30T17:00;2026-10-30T23:59;lör 2026-10-24 (DST weekend), fre 2026-10-30
D08;2026-12-26T09:00;norrkoping;2026-12-26T23:59;-;a death lör 2026-12-26 09:00, send at once
D01;2026-12-26T09:00;norrkoping;2026-12-28T17:00;2026-12-28T23:59;the death of lör 2026-12-26 is read mån 2026-12-28
D08;2026-04-02;norrkoping;2026-04-02T23:59;-;an insats ended tor 2026-04-02, send same day
D01;2026-04-02T16:30;norrkoping;2026-04-07T17:00;2026-04-07T23:59;the insats ended tor 2026-04-02, read tis 2026-04-07
"""

PLANS_AND_MONTHS = """
D06;2026-11-02;norrkoping;2026-11-23T17:00;2026-11-23T23:59;mån 2026-11-02, mån 2026-11-23
D06;2026-03-16;norrkoping;2026-04-02T17:00;2026-04-06T23:59;mån 2026-03-16, hard annandag påsk, soft tor 2026-04-02
D06;2026-05-29;norrkoping;2026-06-18T16:00;2026-06-19T23:59;fre 2026-05-29, hard midsommarafton, soft tor 2026-06-18
D06;2026-12-03;norrkoping;2026-12-23T17:00;2026-12-24T23:59;tor 2026-12-03, hard tor 2026-12-24, soft ons 2026-12-23
D07;2026-01;norrkoping;2026-02-04T17:00;2026-02-04T23:59;effective Jan 2026, ons 2026-02-04
D07;2026-03;norrkoping;2026-04-02T17:00;2026-04-04T23:59;effective Mar 2026, 4/4 påskafton, soft tor 2026-04-02
D07;2026-09;norrkoping;2026-10-02T17:00;2026-10-04T23:59;effective Sep 2026, sön 4/10, soft fre 2026-10-02
D07;2026-12;norrkoping;2027-01-04T17:00;2027-01-04T23:59;effective Dec 2026, mån 2027-01-04
D07;2027-03;norrkoping;2027-04-02T17:00;2027-04-04T23:59;effective Mar 2027, sön 4/4 2027, soft fre 2027-04-02
D07;2026-11-28;norrkoping;2026-12-04T17:00;2026-12-04T23:59;effective 28/11, registered lör 2026-12-05 is past it
registration_cutoff.correction;2026-01;norrkoping;2026-02-03T17:00;2026-02-03T23:59;NKA-077 Jan 2026, tis 3/2
registration_cutoff.correction;2026-12;norrkoping;2026-12-30T17:00;2027-01-03T23:59;NKA-077 Dec 2026, ons 2026-12-30
D09;2026-03-12;norrkoping;2026-03-26T17:00;2026-04-09T23:59;tor 2026-03-12, 26/3 and tor 2026-04-09
D09;2026-05-29;norrkoping;2026-06-12T16:00;2026-06-26T23:59;fre 2026-05-29, 12/6 and fre 2026-06-26
D09;2026-12-10;norrkoping;2026-12-23T17:00;2027-01-07T23:59;tor 2026-12-10, soft back to ons 23/12, tor 2027-01-07
D21;2026-11-02;stockholm;2026-11-17T17:00;2026-11-17T23:59;mån 2026-11-02, tis 2026-11-17
D21;2026-05-29;stockholm;2026-06-12T16:00;2026-06-13T23:59;fre 2026-05-29, lör 2026-06-13, soft fre 12/6
D21;2026-12-10;stockholm;2026-12-23T17:00;2026-12-25T23:59;tor 2026-12-10, fre 2026-12-25, soft ons 23/12
D21;2026-03-12;stockholm;2026-03-27T17:00;2026-03-27T23:59;tor 2026-03-12, fre 2026-03-27
"""

URGENT = """
D10;2026-11-20T19:00;norrkoping;2026-11-23T17:00;2026-11-23T23:59;fre 2026-11-20 19:00, mån 2026-11-23
D10;2026-11-21T08:00;norrkoping;2026-11-23T17:00;2026-11-23T23:59;lör 2026-11-21 08:00, mån 23/11
D10;2026-11-23T02:15;norrkoping;2026-11-23T17:00;2026-11-24T23:59;mån 2026-11-23 02:15, soft mån, hard tis 2026-11-24
D10;2026-04-02T19:00;norrkoping;2026-04-07T17:00;2026-04-07T23:59;tor 2026-04-02 19:00, tis 2026-04-07
D10;2026-04-07T03:00;norrkoping;2026-04-07T17:00;2026-04-08T23:59;tis 2026-04-07 03:00, soft tis 7/4, hard ons 8/4
D10;2026-06-18T16:00;norrkoping;2026-06-22T16:00;2026-06-22T23:59;tor 2026-06-18 16:00, mån 2026-06-22
D10;2026-12-23T20:00;norrkoping;2026-12-28T17:00;2026-12-28T23:59;ons 2026-12-23 20:00, mån 2026-12-28
D10;2027-03-25T16:00;norrkoping;2027-03-30T17:00;2027-03-30T23:59;tor 2027-03-25 16:00, tis 2027-03-30
D10;2026-10-25T02:30;norrkoping;2026-10-26T17:00;2026-10-26T23:59;sön 2026-10-25 02:30 (double hour), mån 2026-10-26
D11;2026-11-16T10:00;norrkoping;2026-11-19T12:00;2026-11-19T23:59;day 1 mån 2026-11-16, day 4 tor 2026-11-19
D11;2026-11-18T10:00;norrkoping;2026-11-21T12:00;2026-11-21T23:59;day 1 ons 2026-11-18, day 4 lör 2026-11-21
D11;2026-12-22T10:00;norrkoping;2026-12-25T12:00;2026-12-25T23:59;day 1 tis 2026-12-22, day 4 fre 2026-12-25
D11;2026-04-01T10:00;norrkoping;2026-04-04T12:00;2026-04-04T23:59;day 1 ons 2026-04-01, day 4 lör 2026-04-04 (påskafton)
D11;2027-03-25T10:00;norrkoping;2027-03-28T12:00;2027-03-28T23:59;day 1 tor 2027-03-25, day 4 påskdagen and DST start
D11;2026-10-23T08:00;norrkoping;2026-10-26T12:00;2026-10-26T23:59;day 1 fre 2026-10-23, day 4 mån 2026-10-26, not 72 h
D12;2026-11-20T21:30;norrkoping;2026-11-23T07:00;2026-11-23T12:00;fre 2026-11-20 21:30, mån 2026-11-23 12:00
D12;2026-11-23T17:30;norrkoping;2026-11-24T07:00;2026-11-24T12:00;mån 2026-11-23 17:30, tis 24/11 12:00
D12;2026-11-23T02:15;norrkoping;2026-11-23T07:00;2026-11-23T12:00;mån 2026-11-23 02:15, the same day 12:00
D12;2026-11-24T06:59;norrkoping;2026-11-24T07:00;2026-11-24T12:00;tis 2026-11-24 06:59, tis 24/11 12:00
D12;2026-04-02T18:00;norrkoping;2026-04-07T07:00;2026-04-07T12:00;tor 2026-04-02 18:00, tis 2026-04-07 12:00
D12;2026-06-18T22:00;norrkoping;2026-06-22T07:00;2026-06-22T12:00;tor 2026-06-18 22:00, mån 2026-06-22 12:00
D12;2026-12-23T19:00;norrkoping;2026-12-28T07:00;2026-12-28T12:00;ons 2026-12-23 19:00, mån 2026-12-28 12:00
D12;2026-12-30T20:00;norrkoping;2027-01-04T07:00;2027-01-04T12:00;ons 2026-12-30 20:00, mån 2027-01-04 12:00
D12;2027-01-05T23:00;norrkoping;2027-01-07T07:00;2027-01-07T12:00;tis 2027-01-05 23:00, tor 2027-01-07 12:00
D12;2027-03-26T01:30;norrkoping;2027-03-30T07:00;2027-03-30T12:00;fre 2027-03-26 01:30, tis 2027-03-30 12:00
D12;2026-10-25T02:30;norrkoping;2026-10-26T07:00;2026-10-26T12:00;sön 2026-10-25 02:30 (fold 0), mån 26/10 12:00 CET
D12;2026-10-25T02:30fold=1;norrkoping;2026-10-26T07:00;2026-10-26T12:00;sön 2026-10-25 02:30 (fold 1), the same
"""

HANDOVERS = """
D13;2026-11-25;norrkoping;2026-11-23T14:00;2026-11-23T23:59;handover ons 2026-11-25, mån 2026-11-23
D13;2026-11-23;norrkoping;2026-11-19T14:00;2026-11-19T23:59;handover mån 2026-11-23, tor 2026-11-19
D13;2026-04-07;norrkoping;2026-04-01T14:00;2026-04-01T23:59;handover tis 2026-04-07, ons 2026-04-01
D13;2026-06-22;norrkoping;2026-06-17T14:00;2026-06-17T23:59;handover mån 2026-06-22, ons 2026-06-17
D13;2026-12-28;norrkoping;2026-12-22T14:00;2026-12-22T23:59;handover mån 2026-12-28, tis 2026-12-22
D13;2027-01-07;norrkoping;2027-01-04T14:00;2027-01-04T23:59;handover tor 2027-01-07, mån 2027-01-04
D13;2026-11-21;norrkoping;2026-11-19T14:00;2026-11-19T23:59;handover lör 2026-11-21, tor 2026-11-19
D13;2027-03-30;norrkoping;2027-03-24T14:00;2027-03-24T23:59;handover tis 2027-03-30, ons 2027-03-24
D14;2026-11-23T08:00;norrkoping;2026-11-20T14:00;2026-11-22T08:00;mån 08:00, hard sön 22/11 08:00, soft fre 20/11 14:00
D14;2026-11-24T10:00;norrkoping;2026-11-23T10:00;2026-11-23T10:00;tis 2026-11-24 10:00, hard = soft mån 23/11 10:00
D14;2026-11-25T16:00;norrkoping;2026-11-24T14:00;2026-11-24T16:00;ons 16:00, hard tis 16:00, soft tis 24/11 14:00
D14;2026-04-07T09:00;norrkoping;2026-04-02T14:00;2026-04-06T09:00;tis 2026-04-07 09:00, hard mån 6/4, soft tor 14:00
D14;2026-06-22T08:00;norrkoping;2026-06-18T14:00;2026-06-21T08:00;mån 2026-06-22 08:00, hard sön 08:00, soft tor 14:00
D14;2026-12-28T08:00;norrkoping;2026-12-23T14:00;2026-12-27T08:00;mån 2026-12-28 08:00, soft ons 2026-12-23 14:00
D14;2027-03-30T10:00;norrkoping;2027-03-25T14:00;2027-03-29T10:00;tis 2027-03-30 10:00, hard mån 29/3 10:00, soft tor
D14;2026-10-25T10:00;norrkoping;2026-10-23T14:00;2026-10-24T10:00;DST sön 2026-10-25 10:00 CET, hard 10:00
D14;2026-03-29T10:00;norrkoping;2026-03-27T14:00;2026-03-28T09:00;DST sön 2026-03-29 10:00 CEST, hard 09:00
"""

FOLLOW_UPS = """
D15;2026-09-21;norrkoping;2026-11-23T17:00;2026-11-23T23:59;mån 2026-09-21, lör 21/11, mån 2026-11-23
D15;2026-04-20;norrkoping;2026-06-22T16:00;2026-06-22T23:59;mån 2026-04-20, midsommardagen, mån 2026-06-22
D15;2026-10-26;norrkoping;2026-12-28T17:00;2026-12-28T23:59;mån 2026-10-26, lör 26/12, mån 2026-12-28
D15;2026-12-30;norrkoping;2027-03-01T17:00;2027-03-01T23:59;ons 2026-12-30, month end, mån 2027-03-01
D15;2027-01-28;norrkoping;2027-03-30T17:00;2027-03-30T23:59;tor 2027-01-28, påskdagen, tis 2027-03-30
D16;2025-12-24;norrkoping;2026-12-23T17:00;2026-12-24T23:59;ons 2025-12-24, tor 2026-12-24, ons 2026-12-23
D16;2026-03-26;norrkoping;2027-03-25T17:00;2027-03-26T23:59;tor 2026-03-26, långfredag 2027, tor 2027-03-25
D16;2026-06-26;norrkoping;2027-06-24T16:00;2027-06-26T23:59;fre 2026-06-26, lör 2027-06-26, tor 2027-06-24
D17;2026-11-25T10:00;norrkoping;2026-11-24T14:00;2026-11-25T10:00;ons 2026-11-25 10:00, soft tis 24/11 14:00
D17;2026-04-07T09:00;norrkoping;2026-04-02T14:00;2026-04-07T09:00;tis 2026-04-07 09:00, soft tor 2/4 14:00
D17;2026-12-28T13:00;norrkoping;2026-12-23T14:00;2026-12-28T13:00;mån 2026-12-28 13:00, soft ons 23/12 14:00
D17;2026-10-25T02:30fold=1;norrkoping;2026-10-23T14:00;2026-10-25T02:30fold=1;a start in the second pass keeps its fold
D17;2026-03-29T02:30;norrkoping;2026-03-27T14:00;2026-03-29T03:30;a start in the missing hour moves forward
D31;2026-08-21;norrkoping;2026-10-16T09:00;-;decided fre 2026-08-21, day 56 fre 2026-10-16
D31;2026-11-30;stockholm;2027-01-25T09:00;-;decided mån 2026-11-30, day 56 mån 2027-01-25
D31;2026-12-27;katrineholm;2027-02-19T09:00;-;decided sön 2026-12-27, day 56 sön 2027-02-21, fre before
"""

MEETINGS_AND_CLAIMS = """
D23;2026-11-23;osthammar;2026-11-24T17:00;2026-11-24T23:59;meeting mån 2026-11-23, day 2 tis 24/11
D23;2026-11-27;osthammar;2026-11-30T17:00;2026-11-30T23:59;meeting fre 2026-11-27, day 2 mån 30/11
D23;2026-06-18;osthammar;2026-06-22T16:00;2026-06-22T23:59;meeting tor 2026-06-18, day 2 mån 22/6
D23;2026-12-23;osthammar;2026-12-28T17:00;2026-12-28T23:59;meeting ons 2026-12-23, day 2 mån 28/12
D24;2026-11-23;osthammar;2026-11-17T14:00;2026-11-17T23:59;mån 2026-11-23, tis 2026-11-17
D24;2026-04-08;osthammar;2026-03-31T14:00;2026-03-31T23:59;ons 2026-04-08, tis 2026-03-31
D24;2026-06-22;osthammar;2026-06-15T14:00;2026-06-15T23:59;mån 2026-06-22, mån 2026-06-15
D24;2026-06-24;osthammar;2026-06-17T14:00;2026-06-17T23:59;ons 2026-06-24, ons 2026-06-17
D24;2027-01-07;osthammar;2026-12-29T14:00;2026-12-29T23:59;tor 2027-01-07, tis 2026-12-29
D24;2027-03-31;osthammar;2027-03-23T14:00;2027-03-23T23:59;ons 2027-03-31, tis 2027-03-23
D24;2026-05-18;osthammar;2026-05-11T14:00;2026-05-11T23:59;mån 2026-05-18, mån 2026-05-11
D24;2026-10-27;osthammar;2026-10-21T14:00;2026-10-21T23:59;tis 2026-10-27, ons 2026-10-21 (DST irrelevant)
D25;2026-11-23;osthammar;2026-11-19T14:00;2026-11-21T23:59;mån 2026-11-23, soft tor 2026-11-19, hard lör 21/11
D25;2026-04-08;osthammar;2026-04-02T14:00;2026-04-06T23:59;ons 2026-04-08, soft tor 2026-04-02, hard mån 6/4
D25;2026-06-22;osthammar;2026-06-17T14:00;2026-06-20T23:59;mån 2026-06-22, soft ons 17/6, hard lör 20/6
D25;2026-10-27;osthammar;2026-10-23T14:00;2026-10-25T23:59;tis 2026-10-27, soft fre 23/10, hard sön 25/10
D25;2027-01-07;osthammar;2027-01-04T14:00;2027-01-05T23:59;tor 2027-01-07, soft mån 4/1, hard tis 5/1
D26;2026-11-23;osthammar;2026-12-04T17:00;2026-12-04T23:59;mån 2026-11-23, fre 2026-12-04
D26;2026-03-30;osthammar;2026-04-14T17:00;2026-04-14T23:59;mån 2026-03-30, tis 2026-04-14
D26;2026-06-09;osthammar;2026-06-23T16:00;2026-06-23T23:59;tis 2026-06-09, tis 2026-06-23
D26;2026-12-15;osthammar;2026-12-30T17:00;2026-12-30T23:59;tis 2026-12-15, ons 2026-12-30
D26;2026-12-21;osthammar;2027-01-08T17:00;2027-01-08T23:59;mån 2026-12-21, fre 2027-01-08
D26;2027-03-22;osthammar;2027-04-06T17:00;2027-04-06T23:59;mån 2027-03-22, tis 2027-04-06
D26;2026-05-12;osthammar;2026-05-26T17:00;2026-05-26T23:59;tis 2026-05-12, tis 2026-05-26
D29;2026-10;katrineholm;2026-11-04T17:00;2026-11-04T23:59;hours Oct 2026, ons 2026-11-04
D29;2026-12;katrineholm;2027-01-05T17:00;2027-01-07T23:59;hours Dec 2026, soft tis 2027-01-05, hard tor 2027-01-07
D29;2025-12;katrineholm;2026-01-05T17:00;2026-01-07T23:59;hours Dec 2025, soft mån 2026-01-05, hard ons 2026-01-07
D29;2026-03;katrineholm;2026-04-02T17:00;2026-04-07T23:59;hours Mar 2026, soft lör 4/4, use tor 2/4, hard tis 7/4
D29;2026-04;katrineholm;2026-05-05T17:00;2026-05-06T23:59;hours Apr 2026, soft tis 5/5, hard ons 2026-05-06
D29;2026-09;katrineholm;2026-10-02T17:00;2026-10-05T23:59;hours Sep 2026, soft lör 3/10, fre 2/10, hard mån 5/10
D29;2027-04;katrineholm;2027-05-05T17:00;2027-05-05T23:59;hours Apr 2027, ons 2027-05-05
"""


def _read(table: str) -> list[Example]:
    examples = []
    for line in table.strip().splitlines():
        rule, since, profile, soft, hard, words = line.split(";")
        examples.append(Example(rule=rule, since=since, profile=profile, soft=soft, hard=hard, words=words))
    return examples


EXAMPLES = [
    example
    for table in (MESSAGES, PLANS_AND_MONTHS, URGENT, HANDOVERS, FOLLOW_UPS, MEETINGS_AND_CLAIMS)
    for example in _read(table)
]
