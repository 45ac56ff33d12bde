### Interface words of the public pages in German (de).
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

## A notice that was withdrawn, and the public register of notices

withdrawn-title = Diese Bekanntmachung wurde zurückgenommen
withdrawn-text = Die Bekanntmachung, die unter dieser Adresse stand, gilt nicht mehr. Die Behörden, die sie veröffentlicht hatten, haben sie zurückgenommen. Der Name wird zurückgegeben und kann bald zu einer anderen Website führen.
withdrawn-on = Zurückgenommen am
decision = Entscheidung
register = Register der Bekanntmachungen
register-about = Was veröffentlicht, geändert, zurückgegeben und zurückgenommen wurde. Das Neueste steht zuerst.
notices = Bekanntmachungen
denials = Banner, die nicht von uns sind
advisories = Gemeinsame Warnungen
dated = Datum
covers = Namen
given-back = Zurückgegebene Namen
names-sealed = Erfasste, nicht veröffentlichte Namen
names-more = Weitere Namen im signierten Text
seen-on = Gesehen am
seen-at = Gesehen unter
indicators = Indikatoren
signed-by = Signiert von
files = Dateien
signed-text = Signierter Text
log-proof = Nachweis des Eintrags im Protokoll
replaced-by = Ersetzt durch
withdrawal = Rücknahme
register-check = Diese Seite ist nicht signiert; die aufgeführten Texte sind es. Beschaffen Sie die Schlüssel der Behörden bei den Behörden selbst, speichern Sie dieses Verzeichnis und geben Sie ein:
register-answer = Die Antwort sagt, ob der Text echt ist, ob ein späterer in diesem Register ihn ersetzt oder zurücknimmt und ob die Behörden dafür einstehen, dass nichts fehlt.
