"""Pure decisions about people's names, references and how sure is sure enough."""

from __future__ import annotations

from types import MappingProxyType

LINK_AT = 0.0
"""Two groups of records are one person when the mean evidence between them says so more likely than not.

In bits: log2 of the odds, so 0 is even odds and 3.3 is ten to one. It is a rule, not a tuned number: training
calibrates the weights, and the mean over a whole group is far stricter than one lucky pair.
"""

STRONGEST_PAIR = 8.0
"""One pair counts for at most this many bits for a group, so that no one pair carries a stranger in."""

WEAKEST_PAIR = -6.0
"""One pair counts for at most this many bits against a group, so that one damaged record splits nobody."""

FEWEST_TO_LEARN_FROM = 1000
"""Below this many records nothing is trained: the starting figures of ``evidence`` are used as they stand."""

CROWDED_HOME = 100
"""An address with more records than this (a hostel, a care home, a depot) says nothing about family."""

MOSTLY = 0.5
"""With the address of this share of records known, people are told apart by home, not by postcode."""

CLEARLY_TWO = -3.0
"""With evidence of so few bits, two records are taken to be of two people (eight to one)."""

TOLD_APART_BY = 3.0
"""A record that agrees with two people belongs to one of them only with so many bits more (eight to one)."""

NAMESAKES_TOLD_APART_BY = 8.0
"""The same, at an address where two people of one name were born a generation apart."""

GENERATION = 14
"""Years between the births of two people of one name at one address: a parent and a child."""

NAMES_ALONE = -1.0
"""Two records of one name at two homes, and nothing else that agrees, count for at most this many bits."""

NEWBORN_NAMED = 4.0
"""A newborn without a name and a child of its home and birthday count for at least so many bits."""

OFTENER = 200.0
"""Two names are taken to stand in the wrong order when their other uses make that so many times likelier."""

REFERENCE_ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
"""Crockford's base 32: no I, L, O or U, so a reference survives being read aloud or copied by hand."""

REFERENCE_LENGTH = 16

_SHORT_FORMS = """
abigail: abby abbie gail
abdul: abdullah
albert: al bert bertie
alexander: alex alec sandy xander sacha
alexandra: alexa lexi sandra
alfred: alf alfie fred
alice: alicia
amelia: millie amy
andrew: andy drew
ann: anne anna annie nan nancy
anthony: tony antony
archibald: archie
arthur: art artie
barbara: babs barb
benjamin: ben benny benji
bernard: bernie
catherine: kate katie cathy kathy katherine kathryn kay kitty catharine kathleen cath
charles: charlie chas chuck charley
charlotte: lottie
christine: chris chrissie christina tina
christopher: kit kris topher
daniel: dan danny
david: dave davey davy dai
deborah: debbie deb debra
dennis: den denny
dorothy: dot dotty dolly
edith: edie
edmund: eddie ned
edward: ed eddy ted teddy
eleanor: ellie nell nellie nora elinor
elizabeth: liz lizzie beth betty eliza libby elsie bess bessie lisa liza elisabeth betsy
emily: em emmie
emma: em
ernest: ernie
eugene: gene
florence: flo florrie flossie
frances: fran fanny frankie
francis: frank
frederick: freddie freddy fredrick fredric
gabriel: gabe
geoffrey: geoff jeff jeffrey
george: georgie
gerald: gerry
gillian: gill jill
gregory: greg
harold: hal
harriet: hattie
helen: nelly ellen
henry: harry hank
hugh: hughie huw
isabella: bella isabel isobel izzy
jacob: jake
james: jim jimmy jamie jem
jane: janie jenny
janet: jan
jennifer: jen jenni
jeremy: jerry
jessica: jess jessie
joan: joanie
john: jack johnny jon jackie
jonathan: jonny jonathon
joseph: joe joey jo
joshua: josh
judith: judy
julia: julie
kenneth: ken kenny
laurence: larry laurie lawrence
leonard: len lenny leo
lewis: louis lou
lillian: lily
louisa: lulu
lucy: lucille
luke: lucas
madeleine: maddie
malcolm: mal
margaret: maggie peggy meg madge marge margie greta peg
maria: mary marie molly polly mae
martin: marty
matilda: tilly
matthew: matt mat mathew mattie
maureen: mo
maximilian: max
michael: mick mike micky mickey
mohammed: mohammad muhammad mohamed muhammed mohd mohamad mohamud muhamed mohammod mahomed muhamad md
nathaniel: nat nathan
nicholas: nick nicky nicolas
nicola: nikki
oliver: ollie
pamela: pam
patricia: pat patsy trish tricia paddy patrick
paul: pauly
penelope: penny
peter: pete
philip: phil phillip pip
rachel: rach
raymond: ray
rebecca: becky becca
reginald: reg reggie
richard: dick rick ricky rich richie dickie
robert: bob bobby rob robbie bert robin bobbie
roderick: rod
roger: rodge
ronald: ron ronnie
rosemary: rose rosie
rupert: rupe
samantha: sam
samuel: sammy
sarah: sally sadie sara sallie
sidney: sid
simon: si
stanley: stan
stephanie: steph
stephen: steve steven stevie
stuart: stewart stu
susan: sue suzanne susie susanna
sylvia: syl
terence: terry
theodore: theo
theresa: tess teresa terri
thomas: tom tommy thos
timothy: tim
valerie: val
victor: vic
victoria: vicky vicki
vincent: vince vinny
violet: vi
walter: wally walt
wilfred: wilf
william: bill billy will willie willy wm liam
winifred: win winnie
zachary: zac zack
ahmed: ahmad ahmet ahmud
aisha: ayesha aysha aishah ayisha aysha
alexei: aleksei alexey aleksey
aleksander: aleksandr oleksandr
aleksandra: oleksandra
amina: aminah ameena
bilal: bilaal
fatima: fatimah fatema fatma fathima
hamza: hamzah
hassan: hasan hassaan
hussain: hussein husain husayn hossain hossein
ibrahim: ebrahim ibraheem
imran: imraan
ismail: ismael ismaeel esmail
jamal: jamaal
katarzyna: kasia
khadija: khadijah khadeeja
malgorzata: gosia
mariam: maryam miriam mariyam
mustafa: mustapha moustafa
nadia: nadiya nadya
natalia: nataliya natalya
omar: umar omer
rahman: rehman rahmaan
salma: salmah
sergei: sergey serhii
syed: sayed sayyid
tariq: tarek tarik
usman: osman uthman othman
yasmin: yasmeen yasmine jasmine jasmin
yusuf: yousef youssef yousuf yusef yousaf
yuri: yuriy yury
zainab: zaynab zeinab zaynab
"""


def _read_short_forms(text: str) -> dict[str, str]:
    full: dict[str, str] = {}
    for line in text.strip().splitlines():
        name, _, others = line.partition(":")
        for other in (name, *others.split()):
            full.setdefault(other, name)
    return full


KNOWN_AS = MappingProxyType(_read_short_forms(_SHORT_FORMS))
"""A short form or other spelling of a first name -> the name it is grouped under, by British custom."""
