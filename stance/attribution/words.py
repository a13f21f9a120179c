"""Closed word classes of English that the rules lean on. No part-of-speech tagger is needed for what they decide."""

from __future__ import annotations

SUBJECT_PRONOUNS = frozenset("i you he she it we they who which one some many others everyone everybody someone somebody nobody most all both".split())
RELATIVE = frozenset(("who", "which", "that"))
OBJECT_PRONOUNS = frozenset("me you him her it us them himself herself themselves everyone".split())
DETERMINERS = frozenset("the a an this that these those his her its their my our your some any no each every both all another several many few".split())
POSSESSIVES = frozenset("his her its their my our your whose 's".split())
PREPOSITIONS = frozenset(
    "of in on at by for with from to about into over under after before between among during against through via near within without toward towards "
    "upon since until amid amidst despite around across ahead behind beyond inside outside per like".split()
)
AUXILIARIES = frozenset(
    "is are was were be been being am has have had having do does did will would can could may might must shall should 've 'd 'll isn't aren't "
    "wasn't weren't hasn't haven't hadn't don't doesn't didn't won't wouldn't can't cannot couldn't".split()
)
BE = frozenset("is are was were be been being am".split())
HAVE = frozenset("has have had having".split())
MODALS = frozenset("will would can could may might must shall should to won't wouldn't can't cannot couldn't 'll 'd".split())
NEGATIONS = frozenset("not never n't don't doesn't didn't won't wouldn't can't cannot couldn't hasn't haven't hadn't isn't aren't wasn't weren't neither nor".split())
ADVERBS = frozenset(
    "also then later again recently once even just still already now often always sometimes further meanwhile instead therefore thus first twice "
    "today yesterday tonight tomorrow earlier soon rather since long ever though however too nonetheless nevertheless in~turn since".split()
)
SUBORDINATORS = frozenset(
    "that which who whom whose because if when while as since although though but where whether than so how why what unless until whereas after before yet or".split()
)
COMPLEMENTISERS = frozenset("that whether how why what if when where who which".split())
TIMES = frozenset(
    "monday tuesday wednesday thursday friday saturday sunday january february march april may june july august september october november december "
    "jan feb mar apr jun jul aug sept sep oct nov dec today yesterday tonight tomorrow morning afternoon evening night week month year weekend noon "
    "midnight earlier later last next this early late ago recently".split()
)
DAYS = frozenset("monday tuesday wednesday thursday friday saturday sunday today yesterday tonight tomorrow".split())
MONTHS = frozenset("january february march april june july august september october november december jan feb mar apr jun jul aug sept sep oct nov dec".split())
#: Where or how something is said: "in a statement", "at a press conference", "on state television".
VENUES = frozenset(
    "statement statements interview interviews conference conferences briefing speech address letter memo report television tv radio twitter facebook telegram "
    "instagram post posts tweet tweets message messages note email e-mail emails article editorial op-ed blog call rally event meeting hearing news session video "
    "podcast program programme show communique communiqué declaration filing release comments remarks debate testimony court parliament press summit telephone phone "
    "documents document affidavit lawsuit complaint column essay book broadcast visit ceremony webcast platform x reporters journalists visit media channel talks "
    "hour hours time times public private".split()
)
AUDIENCES = frozenset(
    "reporters journalists lawmakers parliament congress supporters followers viewers audience crowd correspondents newsmen nation troops officials senators "
    "investigators police court voters".split()
)
#: Nouns that carry content: "a warning that", "his claim that", "in a message to".
NOMINAL_CUES = frozenset(
    "claim claims warning warnings statement statements assertion assertions allegation allegations accusation accusations suggestion suggestions "
    "announcement vow promise promises pledge pledges threat threats assurance assurances insistence argument contention complaint declaration prediction "
    "denial remark comment comments message signal guarantee guarantees commitment reports".split()
)
#: Forms that are as often a noun as a verb.
NOUN_OR_VERB = frozenset(
    "claims claim reports report notes note calls call states state promises promise demands demand attacks attack questions question plans plan hopes hope fears "
    "fear offers offer charges charge estimates estimate projects project requests request doubts doubt views view shows show finds find supports support blame blames "
    "pledge pledges vow vows forecast forecasts posts post reads read details detail outlines outline protests protest appeals appeal comments comment signals signal "
    "hints hint mention mentions quotes quote address addresses boast boasts decree decrees worry worries favor favors praise regret regrets rebuke echo echoes counter "
    "counters tweet tweets joke jokes project projects brief briefs plead detail welcome shout shouts chant chants lament laments snap slam slams blast blasts tout wonder "
    "question caution advise propose stress stresses charge condemn thought warning telling meaning finding findings offering reading posting blasting briefing "
    "questioning showing opening planning feeling knowing estimated proposed planned expected alleged known continued believed shown found threatened".split()
)
#: Past forms of common verbs without -ed, to see where a noun phrase ends.
IRREGULAR_PAST = frozenset(
    "said told went came took made gave got left began met held sent led fell rose ran won lost saw spoke became drew grew hit put set shot kept brought built fought "
    "found felt paid thought wrote knew stood struck sought withdrew broke chose drove flew broadcast cut let fled spent swore".split()
)
#: What may be threatened in words, so that "threatened sanctions" reports speech and "threatened the town" does not.
THREATS = frozenset(
    "sanctions retaliation action actions consequences strikes war force response reprisals revenge tariffs attacks further military new more legal additional "
    "severe serious harsh tougher swift nuclear punitive an a".split()
)
#: Verbs that lend themselves to a noun of speech: "issued a warning that".
LIGHT_VERBS = frozenset("issued issue issues issuing made make makes making gave give gives giving sent send sends sending repeated repeats renewed delivered released published offered voiced".split())
