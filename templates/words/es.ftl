### Interface words of the public pages in Spanish (es).
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

## A notice that was withdrawn, and the public register of notices

withdrawn-title = Este aviso ha sido retirado
withdrawn-text = El aviso que figuraba en esta dirección ya no está en vigor. Las autoridades que lo habían publicado lo han retirado. El nombre se está devolviendo y puede conducir pronto a otro sitio web.
withdrawn-on = Retirado el
decision = Resolución
register = Registro de avisos
register-about = Lo publicado, modificado, devuelto y retirado. Lo más reciente aparece primero.
notices = Avisos
denials = Anuncios que no son nuestros
advisories = Alertas conjuntas
dated = Fecha
covers = Nombres
given-back = Nombres devueltos
names-sealed = Nombres abarcados y no publicados
names-more = Otros nombres en el texto firmado
seen-on = Visto el
seen-at = Visto en
indicators = Indicadores
signed-by = Firmado por
files = Archivos
signed-text = Texto firmado
log-proof = Prueba de su anotación en el registro técnico
replaced-by = Sustituido por
withdrawal = Retirada
register-check = Esta página no está firmada; sí lo están los textos que enumera. Obtenga las claves de las autoridades de las propias autoridades, guarde este directorio e introduzca:
register-answer = La respuesta indica si el texto es auténtico, si otro posterior de este registro lo sustituye o lo retira y si las autoridades responden de que no falta nada.
