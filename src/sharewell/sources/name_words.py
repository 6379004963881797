"""Common forenames, surnames and titles in Britain: enough to tell which of two columns holds which.

A column's lean is judged by the share of its values that are among these words, never by one value.
"""

from __future__ import annotations

from typing import Final

FORENAMES: Final = frozenset(
    """aaron abigail adam adrian ahmed aidan aisha alan albert alexander alexandra alfie alice alison amanda
    amber amelia amina amy andrea andrew angela anita ann anna anne annie anthony archie arthur ava barbara
    barry beatrice ben benjamin bernard beryl beth bethany betty beverley brenda brian bridget bronwen callum
    carol caroline catherine charlie charlotte chloe christina christine christopher claire clare clive colin
    connor craig cynthia daisy daniel darren david dawn dean deborah debra denise derek diana diane donald
    donna doreen doris dorothy dylan edith edna edward eileen elaine eleanor elizabeth ella ellen ellie elsie
    emily emma eric erin ethan ethel eva evelyn evie farah fatima fiona florence frances frank fred frederick
    freya gareth gary gemma geoffrey georgia georgina gerald gillian gladys gordon grace graham gwen hannah
    harold harriet harry hasan hayley hazel heather helen henry hilda holly ian ibrahim imran irene isabella
    isla ivy jack jacob jacqueline jade jake jamie jane janet janice jasmine jason jayden jean jeffrey
    jennifer jeremy jessica jill joan joanna joanne john jonathan joseph josephine joshua joyce judith julia
    julie june karen kate katherine kathleen katie keith kelly kenneth kevin kieran kimberley kyle laura
    lauren leah leanne leo leon leslie liam lily linda lisa logan lorraine louise lucas lucy luke lynda lynn
    lynne maisie malcolm margaret maria marie marion marjorie mark martin mary matilda matthew maureen max
    megan melanie mia michael michelle millie mohamed mohammad mohammed molly muhammad muriel nancy natalie
    natasha nathan neil nicholas nicola nigel noah nora norma olive oliver olivia oscar pamela patricia
    patrick paul paula pauline peter philip phillip phoebe phyllis poppy priya rachel raymond rebecca rhys
    richard robert robin roger ronald rosemary rosie ruby russell ruth ryan sally samantha samuel sandra
    sara sarah scott sean sebastian sharon sheila shirley sian sidney simon sofia sophia sophie stacey
    stephanie stephen steven stuart sunita susan suzanne sylvia teresa terence thelma theo theodore thomas
    timothy tina toby tracey tracy trevor valerie vanessa vera veronica victoria vincent violet wayne wendy
    wilfred william winifred yasmin yusuf yvonne zachary zainab zara zoe""".split()  # noqa: SIM905 - read by people
)

SURNAMES: Final = frozenset(
    """abbott adams akhtar allen anderson andrews armstrong ashton atkins atkinson austin bailey baker ball
    banks barber barker barnes barrett barton bates baxter begum bell bennett berry bibi bird bishop black
    booth bradley brennan briggs brooks brown bryant burgess burke burns burton butcher butler byrne campbell
    carpenter carr carroll carter chambers chan chapman chowdhury clark clarke clayton cole coleman collins
    connolly cook cooke cooper cox crawford cross cunningham curtis daly davidson davies davis dawson day
    dixon doherty doyle duffy duncan dunn edwards elliott ellis evans farrell ferguson fisher fitzgerald
    fleming fletcher flynn ford foster fowler fox fraser freeman french fuller gallagher gardner gibbs gibson
    gill goddard goodwin gould grant gray green greenwood griffin griffiths hall hamilton hammond hancock
    harding harper harris harrison hart harvey hawkins hayes haynes henderson hewitt hicks higgins hill hobbs
    hodgson holland holmes holt hooper hope hopkins horton houghton howarth howe howell hudson hughes
    humphreys hunt hunter hussain hutchinson ingram iqbal jackson jarvis jenkins jennings johnson johnston
    jones kaur kemp kennedy kent kerr khan king kirby knight lamb lambert lane lawson lloyd lowe lynch lyons
    macdonald mahmood mann manning marsden marsh marshall mason matthews mccarthy mcdonald mckenzie mclean
    middleton miller mills mitchell moore moran morris morrison morton moss murphy murray myers nash naylor
    nelson newman newton nicholls nicholson nolan norris norton o'brien o'connor o'neill osborne owens page
    palmer parker parkin parkinson parry parsons patel patterson payne pearce pearson perkins perry phillips
    poole pope porter potter powell pratt preston price pritchard pugh quinn rahman randall rees reid
    reynolds rhodes rice richards richardson riley roberts robertson robinson rogers rose rowe sanders
    saunders schofield shah sharma sharp shaw shepherd short simmons simpson sinclair singh skinner slater
    smart smith spencer stephens stephenson stevens stevenson stewart stokes stone sullivan sutton swift
    sykes talbot taylor thompson thomson thornton thorpe todd tomlinson townsend tucker turnbull turner
    vaughan wade walker wallace wallis walsh walters walton ward warner warren waters watkins watson watts
    webb webster welch wells west weston wheeler white whitehead whittaker wilkins wilkinson williams
    williamson willis wilson winter wong wood woods woodward wright wyatt yates young""".split()  # noqa: SIM905
)

TITLES: Final = frozenset(
    "mr mrs miss ms mx dr prof professor rev revd reverend sir dame lord lady master cllr".split()  # noqa: SIM905
)

SEXES: Final = frozenset("m f male female man woman boy girl".split())  # noqa: SIM905
