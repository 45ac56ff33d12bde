### Interface words of the public pages in Irish (ga).
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

## A notice that was withdrawn, and the public register of notices

withdrawn-title = Tarraingíodh siar an fógra seo
withdrawn-text = Níl an fógra a bhí ag an seoladh seo i bhfeidhm a thuilleadh. Tharraing na húdaráis a d’fhoilsigh é siar é. Tá an t-ainm á thabhairt ar ais agus d’fhéadfadh sé suíomh eile a oscailt go luath.
withdrawn-on = Tarraingthe siar an
decision = Cinneadh
register = Clár na bhfógraí
register-about = Ar foilsíodh, ar leasaíodh, ar tugadh ar ais agus ar tarraingíodh siar. An ceann is déanaí ar dtús.
notices = Fógraí
denials = Meirgí nach linne iad
advisories = Rabhaidh chomhpháirteacha
dated = Dáta
covers = Ainmneacha
given-back = Ainmneacha a tugadh ar ais
names-sealed = Ainmneacha cumhdaithe nár foilsíodh
names-more = Tuilleadh ainmneacha sa téacs sínithe
seen-on = Chonacthas an
seen-at = Chonacthas ag
indicators = Táscairí
signed-by = Arna shíniú ag
files = Comhaid
signed-text = Téacs sínithe
log-proof = Cruthúnas ar an iontráil sa loga
replaced-by = Curtha ina ionad
withdrawal = Tarraingt siar
register-check = Níl an leathanach seo sínithe; tá na téacsanna a liostaítear ann sínithe. Faigh eochracha na n-údarás ó na húdaráis féin, sábháil an chomhadlann seo agus iontráil:
register-answer = Deir an freagra an bhfuil an téacs barántúil, an gcuireann téacs níos déanaí sa chlár seo rud eile ina ionad nó an dtarraingíonn sé siar é, agus an ndearbhaíonn na húdaráis nach bhfuil aon rud ar iarraidh.
