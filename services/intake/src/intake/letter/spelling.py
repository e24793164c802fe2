"""The usual short forms of addresses and company names, each mapped to one spelling."""

from functools import cache

from .words import listed

_LONG_TO_SHORT = """
street st, saint st, str st, strasse st, avenue ave, av ave, road rd, boulevard blvd, drive dr, lane ln, court ct,
place pl, plz plaza, square sq, highway hwy, parkway pkwy, pky pkwy, terrace ter, circle cir, crescent cres, trail trl,
freeway fwy, alley aly, causeway cswy, crossing xing, landing lndg, ridge rdg, point pt, turnpike tpke, tpk tpke, route rte, rt rte, expressway expy, center ctr, centre ctr, heights hts, mount mt, fort ft,
suite ste, floor fl, building bldg, apartment apt, room rm, north n, south s, east e, west w, northeast ne,
northwest nw, southeast se, southwest sw, first 1st, second 2nd, third 3rd, fourth 4th, fifth 5th, sixth 6th,
seventh 7th, eighth 8th, ninth 9th, tenth 10th, one 1, two 2, three 3, four 4, five 5, six 6, seven 7, eight 8, nine 9,
ten 10
"""
ADDRESS_WORDS: dict[str, str] = dict(listed(pair) for pair in _LONG_TO_SHORT.split(","))


def spellings(word: str) -> list[str]:
    """Every way in which a word of an address is written: 3rd is third, north is n."""
    short = ADDRESS_WORDS.get(word, word)
    return list(dict.fromkeys([word, short, *_long_forms().get(short, ())]))


@cache
def _long_forms() -> dict[str, list[str]]:
    forms: dict[str, list[str]] = {}
    for long, short in ADDRESS_WORDS.items():
        forms.setdefault(short, []).append(long)
    return forms


_REGIONS = """
AL Alabama Ala; AK Alaska; AZ Arizona Ariz; AR Arkansas Ark; CA California Calif Cal; CO Colorado Colo;
CT Connecticut Conn; DE Delaware Del; DC District_of_Columbia; FL Florida Fla; GA Georgia; HI Hawaii; ID Idaho;
IL Illinois Ill; IN Indiana Ind; IA Iowa; KS Kansas Kan Kans; KY Kentucky; LA Louisiana; ME Maine; MD Maryland;
MA Massachusetts Mass; MI Michigan Mich; MN Minnesota Minn; MS Mississippi Miss; MO Missouri; MT Montana Mont;
NE Nebraska Nebr Neb; NV Nevada Nev; NH New_Hampshire; NJ New_Jersey; NM New_Mexico; NY New_York; NC North_Carolina;
ND North_Dakota; OH Ohio; OK Oklahoma Okla; OR Oregon Ore; PA Pennsylvania Penn Penna; RI Rhode_Island;
SC South_Carolina; SD South_Dakota; TN Tennessee Tenn; TX Texas Tex; UT Utah; VT Vermont; VA Virginia;
WA Washington Wash; WV West_Virginia; WI Wisconsin Wis Wisc; WY Wyoming Wyo; PR Puerto_Rico; GU Guam;
VI Virgin_Islands; AB Alberta; BC British_Columbia; MB Manitoba; NB New_Brunswick; NL Newfoundland_and_Labrador;
NS Nova_Scotia; ON Ontario Ont; PE Prince_Edward_Island; QC Quebec Que; SK Saskatchewan Sask
"""
_SPELLINGS = [[name.replace("_", " ") for name in line.split()] for line in _REGIONS.split(";")]
_BY_NAME = {name.casefold(): names for names in _SPELLINGS for name in names}


def region_spellings(region: str) -> list[str]:
    """Every way in which the region is written, as full name and as abbreviation."""
    return _BY_NAME.get(" ".join(region.replace(".", "").casefold().split()), [region])
