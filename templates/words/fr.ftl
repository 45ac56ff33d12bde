### Interface words of the public pages in French (fr).
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

## A notice that was withdrawn, and the public register of notices

withdrawn-title = Cet avis a été retiré
withdrawn-text = L’avis publié à cette adresse n’est plus en vigueur. Les autorités qui l’avaient publié l’ont retiré. Le nom est en cours de restitution et peut mener bientôt à un autre site.
withdrawn-on = Retiré le
decision = Décision
register = Registre des avis
register-about = Ce qui a été publié, modifié, restitué et retiré. Le plus récent figure en premier.
notices = Avis
denials = Bannières qui ne sont pas les nôtres
advisories = Alertes communes
dated = Date
covers = Noms
given-back = Noms restitués
names-sealed = Noms visés et non publiés
names-more = Autres noms dans le texte signé
seen-on = Vue le
seen-at = Vue à l’adresse
indicators = Indicateurs
signed-by = Signé par
files = Fichiers
signed-text = Texte signé
log-proof = Preuve de l’inscription au journal
replaced-by = Remplacé par
withdrawal = Retrait
register-check = Cette page n’est pas signée ; les textes qu’elle énumère le sont. Procurez-vous les clés des autorités auprès d’elles-mêmes, enregistrez ce répertoire et saisissez :
register-answer = La réponse indique si le texte est authentique, si un texte ultérieur de ce registre le remplace ou le retire, et si les autorités attestent que rien ne manque.
