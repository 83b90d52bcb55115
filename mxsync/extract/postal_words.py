"""Words for streets, post boxes and countries."""

from __future__ import annotations

import re

STREET = re.compile(
    r"\b(?:street|str|st|road|rd|avenue|ave|av|boulevard|blvd|lane|ln|drive|dr|court|ct|place|pl"
    r"|square|sq|way|close|crescent|cres|terrace|highway|hwy|parkway|pkwy|park|quay|plaza|loop"
    r"|circle|cir|trail|row|mews|walk|wharf|broadway|suite|ste|floor|unit|building|bldg"
    r"|gasse|weg|platz|allee|ring|damm|ufer|chaussee|rue|chemin|quai|impasse|cours|passage|place"
    r"|route|straat|laan|plein|gracht|kade|dreef|singel|rylaan|rylaan|weg|calle|avenida|avda|paseo"
    r"|plaza|carrera|rua|travessa|praça|alameda|estrada|via|viale|piazza|corso|largo"
    r"|gatan|vägen|gade|vej|gata|veien|vei|katu|tie|ulica|ul|aleja|al|ulice|třída|náměstí|улица|ул"
    r"|проспект|пр|переулок|пер|caddesi|cad|sokak|sok|mahallesi|utca|út|tér|jalan|jl)\b\.?"
    r"|\w{2,30}(?:straße|strasse|str|gasse|weg|platz|allee|ring|damm|ufer|straat|laan|plein"
    r"|gracht|kade|dreef|singel|gatan|vägen|gade|vej|veien|katu|tie)\b",
    re.IGNORECASE,
)
EAST_ASIAN = re.compile(
    r"〒\s?\d{3}-?\d{4}|[都道府県市区郡町村].{0,20}\d|[省市区區县縣].{0,20}[路街道巷弄号號樓楼]|[路街道]\s?\d{1,5}\s?[号號]"
    r"|[가-힣]{1,8}(?:시|도|구|군)\s.{0,20}(?:로|길|동|읍|면)\s?\d|邮编[:：]?\s?\d{6}"
)
"""A postal address in Chinese, Japanese or Korean, which is written from the large to the small without commas."""

POST_BOX = re.compile(
    r"\b(?:p\.?\s?o\.? ?box|private bag|postfach|postbus|posbus|privaatsak|apartado(?: postal"
    r"| de correos)?|casella postale|caixa postal|boîte postale|b\.?p\.?|c\.p\.|postboks|postbox"
    r"|а/я)\s?[:.]?\s?[a-z]?\d{1,7}",
    re.IGNORECASE,
)

_NAMES = {
    "South Africa": "south africa|suid-afrika|rsa|republic of south africa|za",
    "United States": (
        "usa|u.s.a|us|u.s|united states|united states of america|estados unidos|états-unis"
        "|vereinigte staaten|verenigde staten"
    ),
    "United Kingdom": (
        "uk|u.k|united kingdom|great britain|england|scotland|wales|northern ireland|royaume-uni"
        "|vereinigtes königreich|großbritannien"
    ),
    "Germany": "germany|deutschland|allemagne|duitsland|alemania|alemanha|germania|niemcy|германия",
    "Austria": "austria|österreich|oesterreich|autriche|oostenrijk",
    "Switzerland": "switzerland|schweiz|suisse|svizzera|zwitserland|suiza",
    "France": "france|frankreich|frankrijk|francia|frança",
    "Netherlands": "netherlands|the netherlands|nederland|niederlande|pays-bas|holland|países bajos",
    "Belgium": "belgium|belgië|belgique|belgien|bélgica",
    "Luxembourg": "luxembourg|luxemburg",
    "Spain": "spain|españa|spanien|espagne|spanje|espanha",
    "Portugal": "portugal",
    "Italy": "italy|italia|italien|italie|italië",
    "Ireland": "ireland|éire|irland|irlande|ierland|republic of ireland",
    "Denmark": "denmark|danmark|dänemark|danemark|denemarken",
    "Sweden": "sweden|sverige|schweden|suède|zweden",
    "Norway": "norway|norge|norwegen|norvège|noorwegen",
    "Finland": "finland|suomi|finnland|finlande",
    "Iceland": "iceland|ísland",
    "Poland": "poland|polska|polen|pologne",
    "Czech Republic": "czech republic|czechia|česká republika|česko|tschechien",
    "Slovakia": "slovakia|slovensko|slowakei",
    "Hungary": "hungary|magyarország|ungarn|hongrie",
    "Romania": "romania|românia|rumänien",
    "Bulgaria": "bulgaria|българия",
    "Greece": "greece|ελλάδα|griechenland|hellas",
    "Turkey": "turkey|türkiye|türkei",
    "Ukraine": "ukraine|україна|украина",
    "Russia": "russia|россия|russian federation|russland",
    "Israel": "israel|ישראל",
    "United Arab Emirates": "united arab emirates|uae|u.a.e|الإمارات العربية المتحدة",
    "Saudi Arabia": "saudi arabia|ksa|السعودية",
    "Qatar": "qatar|قطر",
    "Egypt": "egypt|مصر",
    "Morocco": "morocco|maroc",
    "Kenya": "kenya",
    "Nigeria": "nigeria",
    "Ghana": "ghana",
    "Namibia": "namibia",
    "Botswana": "botswana",
    "Zimbabwe": "zimbabwe",
    "Zambia": "zambia",
    "Mozambique": "mozambique|moçambique",
    "Mauritius": "mauritius",
    "India": "india|bharat",
    "Pakistan": "pakistan",
    "China": "china|prc|p.r. china|people's republic of china|中国|中國",
    "Hong Kong": "hong kong|香港",
    "Taiwan": "taiwan|台灣|台湾",
    "Japan": "japan|日本",
    "South Korea": "korea|south korea|republic of korea|대한민국",
    "Singapore": "singapore",
    "Malaysia": "malaysia",
    "Thailand": "thailand",
    "Vietnam": "vietnam|việt nam",
    "Indonesia": "indonesia",
    "Philippines": "philippines",
    "Australia": "australia|australien",
    "New Zealand": "new zealand|aotearoa",
    "Canada": "canada|kanada",
    "Mexico": "mexico|méxico",
    "Brazil": "brazil|brasil|brasilien",
    "Argentina": "argentina",
    "Chile": "chile",
    "Colombia": "colombia",
    "Peru": "peru|perú",
}
COUNTRIES: dict[str, str] = {name: country for country, names in _NAMES.items() for name in names.split("|")}
"""The name of a country in lower case, as people write it in a signature, to its English name."""
