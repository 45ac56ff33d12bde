### Interface words of the public pages in Italian (it).
### en.ftl is the source and says where each stands; README.md has the rules for translators.

# The name of the person who speaks the language and has read the whole page in it, or `nobody`.
reviewed-by = nobody
# The language’s name for itself.
autonym = Italiano

## The page as a whole

official-notice = Avviso ufficiale
skip = Vai all’avviso
languages = Lingue
on-this-page = In questa pagina

## Who, by whose order, when

issued-by = Emesso da
order-issuer = Disposto da
order-reference = Riferimento
order-statute = Legge
seized-on = Data del sequestro

## Headings

happened = Che cosa è successo
authority = Base giuridica
agencies = Autorità partecipanti
visitors = Che cosa può fare
help = Assistenza alle persone colpite
press = Stampa
objections = Come opporsi
tips = Vittime e testimoni

## Help that is to come, and files to download

help-later = Ulteriore assistenza sarà pubblicata qui.
file-size = Dimensione
file-digest = Codice di controllo SHA-256
file-advice = Prima di aprire un file scaricato, confronti il suo codice di controllo con quello qui indicato.
size-bytes =
    { $count ->
        [one] { $count } byte
       *[other] { $count } byte
    }
size-kilobytes = { $count } kB
size-megabytes = { $count } MB

## How to reach someone

email = E-mail
phone = Telefono
hours = Orari

## How to check the notice

check = Verificare l’autenticità di questo avviso
check-advice = Chiunque può copiare una pagina come questa: non la giudichi dall’aspetto. Digiti personalmente l’indirizzo qui sotto e confronti il numero dell’avviso che vi trova con questo.
check-at = Confermato dall’emittente all’indirizzo
notice-id = Numero dell’avviso
valid-from = Valido dal
valid-until = Valido fino al
review = Prossimo riesame del provvedimento
check-files = Il testo firmato, i nomi a cui si riferisce, le firme e le istruzioni per verificarle
check-keys = Impronte delle chiavi delle autorità (SHA-256)

## Seals, and where victims turn to

seal = Emblema
lead-agency = Autorità capofila
report-crime = Segnalazione alla polizia del proprio Paese
no-more-ransom = Strumenti e consigli gratuiti per le vittime di ransomware, offerti da forze di polizia e aziende di sicurezza.

## A notice that was withdrawn, and the public register of notices

withdrawn-title = Questo avviso è stato ritirato
withdrawn-text = L’avviso che si trovava a questo indirizzo non è più in vigore. Le autorità che lo avevano pubblicato lo hanno ritirato. Il nome è in corso di restituzione e potrebbe presto portare a un altro sito.
withdrawn-on = Ritirato il
decision = Decisione
register = Registro degli avvisi
register-about = Ciò che è stato pubblicato, modificato, restituito e ritirato. Il più recente compare per primo.
notices = Avvisi
denials = Banner che non sono nostri
advisories = Avvertenze congiunte
dated = Data
covers = Nomi
given-back = Nomi restituiti
names-sealed = Nomi compresi e non pubblicati
names-more = Altri nomi nel testo firmato
seen-on = Visto il
seen-at = Visto all’indirizzo
indicators = Indicatori
signed-by = Firmato da
files = File
signed-text = Testo firmato
log-proof = Prova dell’annotazione nel registro tecnico
replaced-by = Sostituito da
withdrawal = Ritiro
register-check = Questa pagina non è firmata; lo sono i testi che elenca. Si procuri le chiavi delle autorità dalle autorità stesse, salvi questa cartella e digiti:
register-answer = La risposta dice se il testo è autentico, se uno successivo in questo registro lo sostituisce o lo ritira e se le autorità garantiscono che non manca nulla.
