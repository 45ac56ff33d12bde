### Interface words of the notice page in French (fr).
### en.ftl is the source and says where each stands; README.md has the rules for translators.

# The name of the person who speaks the language and has read the whole page in it, or `nobody`.
reviewed-by = nobody
# The language’s name for itself.
autonym = Français

## The page as a whole

official-notice = Avis officiel
skip = Aller à l’avis
languages = Langues
on-this-page = Sur cette page

## Who, by whose order, when

issued-by = Publié par
order-issuer = Ordonné par
order-reference = Référence
order-statute = Loi
seized-on = Date de la saisie

## Headings

happened = Ce qui s’est passé
authority = Base légale
agencies = Autorités participantes
visitors = Ce que vous pouvez faire
help = Aide aux personnes touchées
press = Presse
objections = Contester cette mesure
tips = Victimes et témoins

## Help that is to come, and files to download

help-later = D’autres aides seront publiées ici.
file-size = Taille
file-digest = Empreinte SHA-256
file-advice = Avant d’ouvrir un fichier téléchargé, comparez son empreinte avec celle indiquée ici.
size-bytes =
    { $count ->
        [one] { $count } octet
       *[other] { $count } octets
    }
size-kilobytes = { $count } ko
size-megabytes = { $count } Mo

## How to reach someone

email = Courriel
phone = Téléphone
hours = Horaires

## How to check the notice

check = Vérifier l’authenticité de cet avis
check-advice = N’importe qui peut copier une page comme celle-ci : ne la jugez pas à son apparence. Saisissez vous-même l’adresse ci-dessous et comparez le numéro de l’avis qui y figure avec celui-ci.
check-at = Confirmé par l’émetteur à l’adresse
notice-id = Numéro de l’avis
valid-from = Valable à partir du
valid-until = Valable jusqu’au
review = Prochain réexamen de l’ordonnance
check-files = Le texte signé, les noms visés, les signatures et le mode de vérification
check-keys = Empreintes des clés des autorités (SHA-256)

## Seals, and where victims turn to

seal = Emblème
lead-agency = Autorité chef de file
report-crime = Signalez les faits à la police de votre pays
no-more-ransom = Outils et conseils gratuits pour les victimes de rançongiciels, proposés par des services de police et des entreprises de sécurité.
