### Interface words of the notice page in Spanish (es).
### en.ftl is the source and says where each stands; README.md has the rules for translators.

# The name of the person who speaks the language and has read the whole page in it, or `nobody`.
reviewed-by = nobody
# The language’s name for itself.
autonym = Español

## The page as a whole

official-notice = Aviso oficial
skip = Ir al aviso
languages = Idiomas
on-this-page = En esta página

## Who, by whose order, when

issued-by = Emitido por
order-issuer = Ordenado por
order-reference = Referencia
order-statute = Ley
seized-on = Fecha de la incautación

## Headings

happened = Qué ha ocurrido
authority = Base jurídica
agencies = Autoridades participantes
visitors = Qué puede hacer usted
help = Ayuda para los afectados
press = Prensa
objections = Cómo recurrir
tips = Víctimas y testigos

## Help that is to come, and files to download

help-later = Aquí se publicará más ayuda.
file-size = Tamaño
file-digest = Suma de comprobación SHA-256
file-advice = Antes de abrir un archivo descargado, compare su suma de comprobación con la que se indica aquí.
size-bytes =
    { $count ->
        [one] { $count } byte
       *[other] { $count } bytes
    }
size-kilobytes = { $count } kB
size-megabytes = { $count } MB

## How to reach someone

email = Correo electrónico
phone = Teléfono
hours = Horario

## How to check the notice

check = Comprobar la autenticidad de este aviso
check-advice = Cualquiera puede copiar una página como esta; no la juzgue por su aspecto. Escriba usted mismo la dirección siguiente y compare el número del aviso que encuentre allí con este.
check-at = Confirmado por el emisor en
notice-id = Número de aviso
valid-from = Válido desde
valid-until = Válido hasta
review = Próxima revisión de la orden
check-files = El texto firmado, los nombres que abarca, las firmas y las instrucciones para comprobarlas
check-keys = Huellas de las claves de las autoridades (SHA-256)

## Seals, and where victims turn to

seal = Emblema
lead-agency = Autoridad principal
report-crime = Denuncie ante la policía de su país
no-more-ransom = Herramientas y consejos gratuitos para víctimas de ransomware, ofrecidos por cuerpos policiales y empresas de seguridad.
