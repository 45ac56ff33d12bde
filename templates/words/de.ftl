### Interface words of the notice page in German (de).
### en.ftl is the source and says where each stands; README.md has the rules for translators.

# The name of the person who speaks the language and has read the whole page in it, or `nobody`.
reviewed-by = nobody
# The language’s name for itself.
autonym = Deutsch

## The page as a whole

official-notice = Amtliche Bekanntmachung
skip = Zur Bekanntmachung springen
languages = Sprachen
on-this-page = Auf dieser Seite

## Who, by whose order, when

issued-by = Herausgegeben von
order-issuer = Angeordnet von
order-reference = Aktenzeichen
order-statute = Gesetz
seized-on = Datum der Beschlagnahme

## Headings

happened = Was geschehen ist
authority = Rechtsgrundlage
agencies = Beteiligte Behörden
visitors = Was Sie tun können
help = Hilfe für Betroffene
press = Presse
objections = Rechtsbehelf
tips = Geschädigte und Zeugen

## Help that is to come, and files to download

help-later = Weitere Hilfe wird hier veröffentlicht.
file-size = Größe
file-digest = SHA-256-Prüfsumme
file-advice = Vergleichen Sie vor dem Öffnen einer heruntergeladenen Datei deren Prüfsumme mit der hier angegebenen.
size-bytes =
    { $count ->
        [one] { $count } Byte
       *[other] { $count } Byte
    }
size-kilobytes = { $count } kB
size-megabytes = { $count } MB

## How to reach someone

email = E-Mail
phone = Telefon
hours = Erreichbarkeit

## How to check the notice

check = Echtheit dieser Bekanntmachung prüfen
check-advice = Eine Seite wie diese kann jeder nachbauen; beurteilen Sie sie deshalb nicht nach ihrem Aussehen. Geben Sie die unten stehende Adresse selbst ein und vergleichen Sie die dort genannte Nummer der Bekanntmachung mit dieser.
check-at = Vom Herausgeber bestätigt unter
notice-id = Nummer der Bekanntmachung
valid-from = Gültig ab
valid-until = Gültig bis
review = Nächste Überprüfung der Anordnung
check-files = Der signierte Text, die erfassten Namen, die Signaturen und eine Anleitung zur Prüfung
check-keys = Fingerabdrücke der Schlüssel der Behörden (SHA-256)

## Seals, and where victims turn to

seal = Emblem
lead-agency = Federführende Behörde
report-crime = Anzeige bei der Polizei in Ihrem Land
no-more-ransom = Kostenlose Werkzeuge und Ratschläge für Betroffene von Erpressungssoftware, von Polizeibehörden und Sicherheitsunternehmen.
