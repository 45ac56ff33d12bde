### Interface words of the notice page in Irish (ga).
### en.ftl is the source and says where each stands; README.md has the rules for translators.

# The name of the person who speaks the language and has read the whole page in it, or `nobody`.
reviewed-by = nobody
# The language’s name for itself.
autonym = Gaeilge

## The page as a whole

official-notice = Fógra oifigiúil
skip = Téigh chuig an bhfógra
languages = Teangacha
on-this-page = Ar an leathanach seo

## Who, by whose order, when

issued-by = Arna eisiúint ag
order-issuer = Arna ordú ag
order-reference = Tagairt
order-statute = Dlí
seized-on = Dáta na hurghabhála

## Headings

happened = Cad a tharla
authority = Bunús dlí
agencies = Údaráis rannpháirteacha
visitors = Cad is féidir leat a dhéanamh
help = Cabhair dóibh siúd atá buailte
press = Na meáin
objections = Conas agóid a dhéanamh
tips = Íospartaigh agus finnéithe

## Help that is to come, and files to download

help-later = Foilseofar tuilleadh cabhrach anseo.
file-size = Méid
file-digest = Suim sheiceála SHA-256
file-advice = Sula n-osclaíonn tú comhad íoslódáilte, cuir a shuim sheiceála i gcomparáid leis an tsuim a thaispeántar anseo.
size-bytes =
    { $count ->
        [one] { $count } bheart
        [two] { $count } bheart
        [few] { $count } bheart
        [many] { $count } mbeart
       *[other] { $count } beart
    }
size-kilobytes = { $count } kB
size-megabytes = { $count } MB

## How to reach someone

email = Ríomhphost
phone = Teileafón
hours = Uaireanta oscailte

## How to check the notice

check = Seiceáil gur fógra barántúil é seo
check-advice = Is féidir le duine ar bith leathanach mar seo a chóipeáil, mar sin ná tabhair breith air de réir a chuma. Clóscríobh an seoladh thíos tú féin, agus cuir uimhir an fhógra atá le fáil ansin i gcomparáid leis an uimhir seo.
check-at = Deimhnithe ag an eisitheoir ag
notice-id = Uimhir an fhógra
valid-from = Bailí ó
valid-until = Bailí go dtí
review = An chéad athbhreithniú eile ar an ordú
check-files = An téacs sínithe, na hainmneacha a chumhdaítear leis, na sínithe agus treoracha chun iad a sheiceáil
check-keys = Méarloirg eochracha na n-údarás (SHA-256)

## Seals, and where victims turn to

seal = Suaitheantas
lead-agency = Príomhúdarás
report-crime = Tuairiscigh do na póilíní i do thír féin
no-more-ransom = Uirlisí agus comhairle saor in aisce d’íospartaigh bogearraí éirice, ó fhórsaí póilíneachta agus ó chuideachtaí slándála.
