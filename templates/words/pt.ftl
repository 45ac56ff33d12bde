### Interface words of the public pages in Portuguese (pt).
### en.ftl is the source and says where each stands; README.md has the rules for translators.

# The name of the person who speaks the language and has read the whole page in it, or `nobody`.
reviewed-by = nobody
# The language’s name for itself.
autonym = Português

## The page as a whole

official-notice = Aviso oficial
skip = Ir para o aviso
languages = Línguas
on-this-page = Nesta página

## Who, by whose order, when

issued-by = Emitido por
order-issuer = Ordenado por
order-reference = Referência
order-statute = Lei
seized-on = Data da apreensão

## Headings

happened = O que aconteceu
authority = Base legal
agencies = Autoridades participantes
visitors = O que pode fazer
help = Ajuda às pessoas afetadas
press = Imprensa
objections = Como contestar
tips = Vítimas e testemunhas

## Help that is to come, and files to download

help-later = Mais ajuda será publicada aqui.
file-size = Tamanho
file-digest = Soma de verificação SHA-256
file-advice = Antes de abrir um ficheiro transferido, compare a sua soma de verificação com a indicada aqui.
size-bytes =
    { $count ->
        [one] { $count } byte
       *[other] { $count } bytes
    }
size-kilobytes = { $count } kB
size-megabytes = { $count } MB

## How to reach someone

email = Correio eletrónico
phone = Telefone
hours = Horário

## How to check the notice

check = Verificar a autenticidade deste aviso
check-advice = Qualquer pessoa pode copiar uma página como esta; não a avalie pelo aspeto. Escreva o endereço abaixo e compare o número do aviso que lá encontrar com este.
check-at = Confirmado pelo emissor em
notice-id = Número do aviso
valid-from = Válido a partir de
valid-until = Válido até
review = Próxima revisão da ordem
check-files = O texto assinado, os nomes que abrange, as assinaturas e as instruções para as verificar
check-keys = Impressões digitais das chaves das autoridades (SHA-256)

## Seals, and where victims turn to

seal = Emblema
lead-agency = Autoridade coordenadora
report-crime = Apresente queixa à polícia do seu país
no-more-ransom = Ferramentas e conselhos gratuitos para vítimas de ransomware, de forças policiais e empresas de segurança.

## A notice that was withdrawn, and the public register of notices

withdrawn-title = Este aviso foi retirado
withdrawn-text = O aviso que se encontrava neste endereço já não está em vigor. As autoridades que o tinham publicado retiraram-no. O nome está a ser devolvido e poderá em breve conduzir a outro sítio.
withdrawn-on = Retirado em
decision = Decisão
register = Registo de avisos
register-about = O que foi publicado, alterado, devolvido e retirado. O mais recente surge primeiro.
notices = Avisos
denials = Anúncios que não são nossos
advisories = Alertas conjuntos
dated = Data
covers = Nomes
given-back = Nomes devolvidos
names-sealed = Nomes abrangidos e não publicados
names-more = Outros nomes no texto assinado
seen-on = Visto em
seen-at = Visto no endereço
indicators = Indicadores
signed-by = Assinado por
files = Ficheiros
signed-text = Texto assinado
log-proof = Prova da inscrição no diário
replaced-by = Substituído por
withdrawal = Retirada
register-check = Esta página não está assinada; os textos que enumera estão. Obtenha as chaves das autoridades junto das próprias autoridades, guarde este diretório e introduza:
register-answer = A resposta indica se o texto é autêntico, se outro posterior neste registo o substitui ou retira e se as autoridades garantem que nada falta.
