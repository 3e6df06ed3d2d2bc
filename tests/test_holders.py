"""Who holds a sentence: small sentences, invented people, and the answer that a reader would give."""

import datetime

import pytest

from pipeline.text.actors import ActorError, Directory
from pipeline.text.holders import Document, attribute_document
from pipeline.text.places import find_places
from pipeline.text.roles import is_plural, kind_of_role, role_of
from pipeline.text.sentences import parse_texts
from pipeline.text.verbs import is_narration, verb_forms
from pipeline.text.words import split_words


def actor(name, aliases="", office="", office_aliases="", side="us", kind="government", since="", until=""):
    return {
        "name": name,
        "aliases": aliases,
        "office": office,
        "office_aliases": office_aliases,
        "side": side,
        "kind": kind,
        "from": since,
        "to": until,
    }


ACTORS = [
    actor("Jane Doe", "Doe", "President of the United States", "president|U.S. president", since="2021-01-20", until="2025-01-19"),
    actor("Jane Doe", "Doe", "Former President", "former president", kind="opposition", since="2025-01-20"),
    actor("John Roe", "Roe", "President of the United States", "president|U.S. president", since="2025-01-20"),
    actor("Ann Poe", "", "Prime Minister of Canada", "prime minister|Canada's prime minister", "canada", since="2020-01-01"),
    actor("Max Moe", "", "Minister of Finance", "finance minister", "canada", since="2020-01-01"),
    actor("Government of Canada", "Canada|Ottawa", side="canada"),
    actor("Government of the United States", "United States|U.S.|Washington"),
    actor("White House", "White House officials"),
    actor("Conservative Party of Canada", "Conservatives", side="canada", kind="opposition"),
    actor("Republican Party", "Republicans", until="2021-01-19"),
    actor("Republican Party", "Republicans", kind="opposition", since="2021-01-20", until="2025-01-19"),
    actor("Republican Party", "Republicans", since="2025-01-20"),
    actor("Unifor", side="canada", kind="labour"),
    actor("Bank of Canada", side="canada"),
]  # fmt: skip
DIRECTORY = Directory.of(ACTORS)
DAY = datetime.date(2025, 3, 4)


def read(text, *, title="", date=DAY, genre="news", outlet="The Paper", country="unknown"):
    """For each sentence its (holder, side, attribution), the surest first."""
    sentences = parse_texts([text])[0]
    document = Document(text, title, date, genre, outlet, country)
    found = attribute_document(document, sentences, DIRECTORY)
    return [[(row.holder, row.side, row.attribution) for row in rows] for rows in found]


def holders(text, **how):
    """For each sentence the names and sides of its holders."""
    return [[(name, side) for name, side, _ in rows if name] for rows in read(text, **how)]


def kind(text, **how):
    """Kind of the first sentence's holder."""
    document = Document(text, "", how.get("date", DAY), "news", "The Paper", "unknown")
    return attribute_document(document, parse_texts([text])[0], DIRECTORY)[0][0].kind


ROE, POE = ("John Roe", "us"), ("Ann Poe", "canada")


@pytest.mark.parametrize(
    "text",
    [
        "“The duty stays,” President Roe said on Monday.",
        "“The duty stays,” said John Roe.",
        "President John Roe said: “The duty stays.”",
        "“The duty,” President Roe told reporters, “stays.”",
        '"The duty stays," Roe said.',
        "‘The duty stays,’ President Roe said.",
    ],
)
def test_a_direct_quotation_is_its_speakers(text):
    assert read(text) == [[("John Roe", "us", "direct")]]


def test_a_quotation_of_several_sentences_is_one_speakers():
    text = "“The duty stays. It works. We need it,” President Roe said. “Ask anyone.”"
    assert [rows[0][:2] for rows in read(text)] == [ROE] * 4


def test_a_quotation_over_paragraphs_is_one_speakers():
    text = "“The duty stays,” President Roe said. “It works.\n\n“We need it.”\n\nIt rained."
    assert [rows[0][0] for rows in read(text)] == ["John Roe", "John Roe", "John Roe", ""]


def test_a_quotation_on_its_own_line_is_whose_line_leads_to_it():
    text = "Prime Minister Ann Poe struck a harder note in a statement:\n\n“We will answer.”"
    assert [rows[0][:2] for rows in read(text)] == [POE, POE]


def test_a_label_names_the_speaker_of_its_quotation():
    text = "Rep. Mary Major of Ohio: “Tariffs work.”\n\nUnifor: “Tariffs fail us all.”"
    assert [rows[0][:2] for rows in read(text)] == [("Mary Major", "us"), ("Unifor", "canada")]


def test_some_quoted_words_make_a_mixed_attribution():
    assert read("President Roe called the duty “a patient tool”.") == [[("John Roe", "us", "mixed")]]


@pytest.mark.parametrize(
    "text",
    [
        "Ann Poe warned that the duty would hurt both sides.",
        "According to Ann Poe, the duty would hurt both sides.",
        "The duty would hurt both sides, according to Ann Poe.",
        "The duty would hurt, Ann Poe argued, both sides.",
        "Ann Poe's message was that the duty would hurt both sides.",
        "In the view of Ann Poe, the duty would hurt both sides.",
        "The duty was called harmful by Ann Poe.",
        "Ann Poe is wary of the duty.",
        "Ann Poe is against the duty.",
        "The duty has drawn sharp criticism from Ann Poe.",
    ],
)
def test_words_and_views_are_indirect(text):
    assert read(text)[0][0] == ("Ann Poe", "canada", "indirect")


@pytest.mark.parametrize(
    ("text", "holder"),
    [
        ("Ottawa imposed a surtax on steel.", "Government of Canada"),
        ("Canada will match the duty.", "Government of Canada"),
        ("President Roe signed an order on lumber.", "John Roe"),
        ("Unifor filed a grievance.", "Unifor"),
        ("The duty was lifted by Washington.", "Government of the United States"),
    ],
)
def test_acts_are_the_actors(text, holder):
    assert [(row[0], row[2]) for row in read(text)[0]] == [(holder, "act")]


@pytest.mark.parametrize(
    "text",
    [
        "Shares of the larger mills closed a little higher.",
        "The loonie fell.",
        "The retreat suggests that the tax was worth more as a card.",
        "A second list is expected to be ready before the autumn.",
        "It would have added about ten dollars to the bill.",
        "Ann Poe, 60, recently won the leadership.",
        "President Roe met Ann Poe at the White House.",
        "The first full working day began quietly.",
        "It is not yet clear what becomes of the pipe.",
    ],
)
def test_narration_is_nobodys(text):
    assert read(text) == [[("", "unknown", "narrator")]]


def test_what_someone_reports_is_theirs_alone():
    assert holders("John Roe said Ann Poe wanted a deal.") == [[ROE]]


def test_agreement_is_everyones():
    assert holders("John Roe and Ann Poe agreed on Friday to talk.") == [[ROE, POE]]
    text = "Canada and the United States agreed to talk. The two governments promised an answer."
    assert [{side for _, side in rows} for rows in holders(text)] == [{"canada", "us"}] * 2
    (leaders,) = holders("The leaders of the United States and Canada said the border would close.")
    assert {side for _, side in leaders} == {"canada", "us"}


def test_a_clause_for_each_of_two():
    (found,) = holders("John Roe backs the duty, while Ann Poe opposes it.")
    assert sorted(found) == sorted([ROE, POE])


def test_pronouns_stand_for_who_spoke_last():
    text = "John Roe met Ann Poe. Ann Poe said the duty must go. She added that talks would help."
    assert holders(text)[1:] == [[POE], [POE]]
    text = (
        "Ms. Mary Major of Ohio opposed the duty. Mr. Paul Minor of Ontario backed it. She called it a tax."
    )
    assert holders(text)[2] == [("Mary Major", "us")]


def test_it_is_a_body_and_never_a_thing():
    assert holders("Unifor opposed the plan. It said jobs would go.")[1] == [("Unifor", "canada")]


def test_a_surname_stands_for_the_full_name():
    text = "Ann Poe spoke on Monday. “No,” Poe said.\n\nSteelworker Mary Major of Ohio spoke too. Major said she agreed."
    assert [rows[0][:1] for rows in holders(text)[1::2]] == [("Ann Poe",), ("Mary Major",)]


@pytest.mark.parametrize(
    ("date", "name", "kind_then"),
    [
        (datetime.date(2024, 5, 1), "Jane Doe", "government"),
        (datetime.date(2025, 5, 1), "John Roe", "government"),
    ],
)
def test_an_office_is_its_holders_on_the_day(date, name, kind_then):
    assert holders("The president said the duty would stay.", date=date) == [[(name, "us")]]
    assert kind("The president said the duty would stay.", date=date) == kind_then


def test_a_kind_changes_with_the_day():
    assert kind("Doe said the duty would stay.", date=datetime.date(2024, 5, 1)) == "government"
    assert kind("Doe said the duty would stay.", date=datetime.date(2025, 5, 1)) == "opposition"
    assert kind("Republicans want the duty gone.", date=datetime.date(2024, 5, 1)) == "opposition"
    assert kind("The Iowa Republican wants it gone.", date=datetime.date(2025, 5, 1)) == "government"


def test_without_a_date_an_office_is_whoever_the_article_names():
    assert holders("The president said no.", date=None) == [[("president", "us")]]
    text = "President Jane Doe came late. The president said no."
    assert holders(text, date=None)[1] == [("Jane Doe", "us")]


def test_a_title_that_the_article_gave_another_is_theirs():
    text = "Mexican President Luis Vega promised an answer. The president said it would be mild."
    assert holders(text)[1] == [("Luis Vega", "other")]


def test_the_union_is_the_last_union():
    text = "Unifor opposed the plan. The union said jobs would go."
    assert holders(text)[1] == [("Unifor", "canada")]


def test_a_short_form_is_the_body_that_it_is_made_of():
    text = "The Ontario Home Builders Association opposed the duty. OHBA said homes would cost more."
    assert holders(text)[1] == [("Ontario Home Builders Association", "canada")]
    assert holders("The Bank of Canada cut its rate. The BoC said tariffs hurt.")[1] == [
        ("Bank of Canada", "canada")
    ]


@pytest.mark.parametrize(
    ("text", "side", "kind_of"),
    [
        ("A union steward at a mill outside Cleveland said the duty ought to stay.", "us", "labour"),
        ("A Michigan soybean farmer said the duty hurt him.", "us", "business"),
        ("“No,” said the owner of a boat yard near Windsor, Ontario.", "canada", "business"),
        ("Flavio Lopez, president of the Windsor local of Unifor, urged a boycott.", "canada", "labour"),
        ("An economist in Pittsburgh expects prices to rise.", "us", "expert"),
        ("A retired Canadian admiral warned against it.", "canada", "expert"),
        ("A Winnipeg peace campaigner opposed the radar.", "canada", "civil_society"),
        ("A shopper in Buffalo said she would stay home.", "us", "public"),
        ("The Swedish trade ministry said it was watching.", "other", "government"),
        (
            "New Zealand’s trade minister, David Parker, noted that his farmers got less.",
            "other",
            "government",
        ),
        ("The Conservative caucus dismissed the sum, in Canada's capital.", "canada", "opposition"),
        ("A Washington lobbyist for Canadian exporters put the odds at even.", "canada", "business"),
        ("The U.S. ambassador to Canada said talks went on.", "us", "government"),
        ("A chandler in Halifax said he would wait.", "canada", "public"),
        ("America's allies expressed dismay.", "other", "government"),
    ],
)
def test_side_and_kind_by_description(text, side, kind_of):
    ((_, found),) = [rows[0] for rows in holders(text)]
    assert (found, kind(text)) == (side, kind_of)


def test_a_place_at_the_opening_is_where_the_sentence_plays():
    text = "In Gary, Indiana, the mood was lighter. Dwayne Pruitt, a crane operator there, said he was glad."
    assert holders(text)[1] == [("Dwayne Pruitt", "us")]


def test_the_outlets_country_is_a_weak_last_resort():
    text = "A welder said the duty was unfair."
    assert holders(text, country="canada") == [[("welder", "canada")]]
    assert holders(text, country="other") == [[("welder", "unknown")]]
    sentences = parse_texts([text])[0]
    document = Document(text, "", DAY, "news", "The Paper", "canada")
    assert attribute_document(document, sentences, DIRECTORY)[0][0].score < 0.3


TRANSCRIPT = """\
Remarks begin.

MS. LEE: We will answer the duty.

It is unfair.

Q Has the president decided? Canada says it will retaliate.

THE PRESIDENT: I have.

(Laughter.)

PRIME MINISTER POE: We are friends."""


def test_a_transcripts_turns_have_the_speaker():
    text = f"Ann Poe came.\n\n{TRANSCRIPT}"
    found = holders(text, genre="transcript", outlet="White House (Roe)", title="Press Briefing by Kim Lee")
    assert found[2:4] == [[("Kim Lee", "us")]] * 2
    assert found[4:6] == [[], [("Government of Canada", "canada")]]
    assert found[6] == [ROE]
    assert found[7] == []
    assert found[8] == [POE]


def test_an_official_document_has_its_bodys_voice():
    text = "The duty protects steel. President Roe signed an order. Canada retaliated."
    found = read(text, genre="official", outlet="White House (Roe)")
    assert found[0] == [("White House", "us", "own_voice")]
    assert found[1][0] == ("John Roe", "us", "act")
    assert [row[1] for row in found[2]] == ["canada", "us"]


def test_an_official_document_that_says_i_is_the_head_of_governments():
    found = holders("I hereby impose a duty. The duty begins today.", genre="official", outlet="White House")
    assert found[1] == [ROE]
    title = "Statement by Secretary Mary Major on Lumber"
    found = holders("The duty begins today.", genre="official", outlet="White House", title=title)
    assert found == [[("Secretary Mary Major", "us")]]


def test_a_joint_statement_is_of_all_whom_its_title_names():
    title = "Joint Statement by John Roe and Ann Poe"
    found = holders("We share one continent.", genre="official", outlet="White House", title=title)
    assert found == [[ROE, POE]]


def test_an_opinion_is_the_outlets_unless_someone_else_holds_it():
    found = read("The duty is a mistake. Ann Poe says so too.", genre="opinion", country="us")
    assert found[0] == [("The Paper", "us", "own_voice")]
    assert found[1][0] == ("Ann Poe", "canada", "indirect")


def test_a_report_that_says_we_think_speaks_for_its_outlet():
    assert read("We think the duty will stay.", country="us") == [[("The Paper", "us", "own_voice")]]
    assert holders("“We think so.” It rained.")[0] == []


def test_a_post_is_whose_signature_it_bears():
    text = "The duty is great! — John Roe (@roe) March 4, 2025"
    assert holders(text)[0] == [ROE]


def test_documents_speak_for_who_wrote_them():
    assert holders("A White House fact sheet said the duty stays.") == [[("White House", "us")]]
    assert holders("Ottawa published its list. The document describes the duty as unfair.")[1] == [
        ("Government of Canada", "canada")
    ]


def test_places_of_two_names_count_as_the_region():
    words = split_words("Vancouver, Wash., and London, Ontario", 0, 40)
    assert [place.side for place in find_places(words)] == ["us", "canada"]
    assert [place.side for place in find_places(split_words("GRAND RAPIDS, Mich. — told us", 0, 40))] == [
        "us"
    ]


def test_word_lists_know_their_forms():
    forms = verb_forms()
    assert {"said", "says", "saying", "criticised", "vetoes", "denied", "cutting", "fast-tracked"} <= set(
        forms
    )
    assert is_narration("met")
    assert not is_narration("imposed")
    assert role_of("premiers") == "premier"
    assert role_of("tariff") is None
    assert is_plural("lawmakers")
    assert not is_plural("congress")
    assert kind_of_role("negotiator", ["former"]) == "expert"
    assert kind_of_role("president", ["union"]) == "labour"


def test_a_bad_date_of_an_actor_is_named():
    with pytest.raises(ActorError, match="Jane Doe: from is '20th', not a date"):
        Directory.of([actor("Jane Doe", since="20th")])
    with pytest.raises(ActorError, match="ends on 2020-01-01, before 2021-01-01"):
        Directory.of([actor("Jane Doe", since="2021-01-01", until="2020-01-01")])


def test_what_is_asked_about_says_nothing():
    text = "Roe did not identify which countries would be hit but suggested that it would be a broad effort."
    assert holders(text) == [[ROE]]


@pytest.mark.parametrize(
    "text",
    [
        "While Roe has often challenged allies, Poe appears poised to push back and defend the pact.",
        "The prime minister seems to reject the offer.",
    ],
)
def test_how_things_look_is_the_narrators_view(text):
    assert holders(text) == [[]]


def test_to_appear_before_someone_is_no_view():
    assert holders("Roe appeared before reporters and threatened a tariff on Canada.") == [[ROE]]
