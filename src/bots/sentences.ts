/** What a bot says, in one language. `{…}` stands for a value. */
export interface Sentences {
  readonly looking: string;
  readonly help: string;
  readonly privacy: string;
  readonly forgotten: string;
  readonly noPicture: string;
  readonly noText: string;
  readonly pictureTooLarge: string;
  readonly notAPicture: string;
  readonly textTooLong: string;
  readonly noNames: string;
  readonly visible: string;
  readonly notVisible: string;
  readonly cannotTell: string;
  readonly picture: string;
  readonly more: string;
  readonly partial: string;
  readonly notDrawn: string;
  readonly failed: string;
  readonly overLimit: string;
  readonly tooMany: string;
  /** What is said on Discord in place of the above, where commands have options, and captions are not known. */
  readonly discord: Readonly<Record<"help" | "noPicture" | "noText", string>>;
  /** The command of Discord on a message, and the options of /recognize. */
  readonly discordNames: Readonly<Record<"find" | "text" | "image", string>>;
  /** What each command does, as the platform lists them. */
  readonly commands: Readonly<Record<"find" | "help" | "privacy" | "forget", string>>;
  readonly types: Readonly<Record<"PER" | "LOC" | "ORG" | "OTHER", string>>;
}

/** The languages of the bots, by the primary subtag of their tag (BCP 47). */
const LANGUAGES: Readonly<Record<string, Sentences>> = {
  en: {
    looking: "Looking at the post …",
    help:
      "Send me a picture with the text of its post as the caption, or reply to a picture with the text. I find the " +
      "names in the text, and mark who and what of them the picture shows. In a group, ask with {find}. I link names " +
      "that the text has; I never tell from a face who somebody is.",
    privacy:
      "The post and its picture are sent to the models that find the names, and are deleted as soon as the answer is " +
      "sent. I keep the number of each message for a day, so that none is answered twice, and what this chat used " +
      "today. {forget} deletes the posts that are not answered yet.",
    forgotten: "The posts of this chat that were not answered yet are deleted. Nothing of the others is kept.",
    noPicture: "There is no picture. Send one with the text of the post as its caption, or reply to one with the text.",
    noText: "The picture has no text. Reply to it with the text of the post.",
    pictureTooLarge: "The picture has more than {limit} MB.",
    notAPicture: "I can look at pictures in JPEG, PNG and WebP.",
    textTooLong: "The text has more than {limit} characters.",
    noNames: "The text has no name that I know.",
    visible: "in the picture",
    notVisible: "not in the picture",
    cannotTell: "cannot tell",
    picture: "Picture {number}",
    more: "and {number} more",
    partial: "Some models did not answer: this may be incomplete.",
    notDrawn: "I could not draw on the picture.",
    failed: "I could not look at this post. Send it again in a moment.",
    overLimit: "This chat has used what it may use in a day. It can go on tomorrow.",
    tooMany: "This chat has {limit} posts waiting. Send this one again later.",
    discord: {
      help:
        "Use /recognize with the text of a post and its picture; or open the menu of a message, Apps, and choose “Find " +
        "who is in it”. I find the names in the text, and mark who and what of them the picture shows. I link names " +
        "that the text has; I never tell from a face who somebody is.",
      noPicture: "The message has no picture. Choose one that has, or use /recognize.",
      noText: "There is no text. Use /recognize with the text of the post and its picture.",
    },
    discordNames: { find: "Find who is in it", text: "The text of the post", image: "The picture of the post" },
    commands: {
      find: "Find the names of a post in its picture",
      help: "How it works",
      privacy: "What is kept",
      forget: "Delete posts that are not answered yet",
    },
    types: { PER: "person", LOC: "place", ORG: "organisation", OTHER: "other" },
  },
  de: {
    looking: "Ich sehe mir den Beitrag an …",
    help:
      "Schick mir ein Bild mit dem Text des Beitrags als Bildunterschrift, oder antworte auf ein Bild mit dem Text. Ich " +
      "finde die Namen im Text und zeige, wen und was davon das Bild zeigt. In einer Gruppe frag mit {find}. Ich " +
      "verbinde Namen, die im Text stehen; ich erkenne niemanden am Gesicht.",
    privacy:
      "Der Beitrag und sein Bild gehen an die Modelle, die die Namen finden, und werden gelöscht, sobald die Antwort " +
      "gesendet ist. Einen Tag lang merke ich mir die Nummer jeder Nachricht, damit keine zweimal beantwortet wird, und " +
      "was dieser Chat heute verbraucht hat. {forget} löscht die Beiträge, die noch nicht beantwortet sind.",
    forgotten:
      "Die Beiträge dieses Chats, die noch nicht beantwortet waren, sind gelöscht. Von den anderen ist nichts mehr da.",
    noPicture:
      "Es fehlt ein Bild. Schick eines mit dem Text als Bildunterschrift, oder antworte auf eines mit dem Text.",
    noText: "Zu dem Bild fehlt der Text. Antworte darauf mit dem Text des Beitrags.",
    pictureTooLarge: "Das Bild hat mehr als {limit} MB.",
    notAPicture: "Ich kann Bilder in JPEG, PNG und WebP ansehen.",
    textTooLong: "Der Text hat mehr als {limit} Zeichen.",
    noNames: "Im Text steht kein Name, den ich kenne.",
    visible: "im Bild",
    notVisible: "nicht im Bild",
    cannotTell: "nicht zu erkennen",
    picture: "Bild {number}",
    more: "und {number} weitere",
    partial: "Einige Modelle haben nicht geantwortet: es kann etwas fehlen.",
    notDrawn: "Ich konnte nicht auf das Bild zeichnen.",
    failed: "Ich konnte den Beitrag nicht ansehen. Schick ihn gleich noch einmal.",
    overLimit: "Dieser Chat hat verbraucht, was er an einem Tag darf. Morgen geht es weiter.",
    tooMany: "In diesem Chat warten {limit} Beiträge. Schick diesen später noch einmal.",
    discord: {
      help:
        "Nimm /recognize mit dem Text eines Beitrags und seinem Bild; oder öffne das Menü einer Nachricht, Apps, und " +
        "wähle „Wer ist darauf?“. Ich finde die Namen im Text und zeige, wen und was davon das Bild zeigt. Ich verbinde " +
        "Namen, die im Text stehen; ich erkenne niemanden am Gesicht.",
      noPicture: "Die Nachricht hat kein Bild. Wähle eine mit Bild, oder nimm /recognize.",
      noText: "Es fehlt der Text. Nimm /recognize mit dem Text des Beitrags und seinem Bild.",
    },
    discordNames: { find: "Wer ist darauf?", text: "Der Text des Beitrags", image: "Das Bild des Beitrags" },
    commands: {
      find: "Namen eines Beitrags in seinem Bild finden",
      help: "Wie es geht",
      privacy: "Was gespeichert wird",
      forget: "Noch nicht beantwortete Beiträge löschen",
    },
    types: { PER: "Person", LOC: "Ort", ORG: "Organisation", OTHER: "Sonstiges" },
  },
  es: {
    looking: "Estoy mirando la publicación …",
    help:
      "Envíame una imagen con el texto de la publicación como pie, o responde a una imagen con el texto. Busco los " +
      "nombres del texto y marco a quién y qué de ellos muestra la imagen. En un grupo, pregunta con {find}. Relaciono " +
      "nombres que están en el texto; nunca reconozco a nadie por su cara.",
    privacy:
      "La publicación y su imagen se envían a los modelos que buscan los nombres, y se borran en cuanto se envía la " +
      "respuesta. Durante un día guardo el número de cada mensaje, para no responder dos veces, y lo que este chat ha " +
      "gastado hoy. {forget} borra las publicaciones que aún no tienen respuesta.",
    forgotten:
      "Las publicaciones de este chat que aún no tenían respuesta están borradas. De las demás no se guarda nada.",
    noPicture: "Falta una imagen. Envía una con el texto como pie, o responde a una con el texto.",
    noText: "La imagen no tiene texto. Responde a ella con el texto de la publicación.",
    pictureTooLarge: "La imagen tiene más de {limit} MB.",
    notAPicture: "Puedo mirar imágenes JPEG, PNG y WebP.",
    textTooLong: "El texto tiene más de {limit} caracteres.",
    noNames: "El texto no tiene ningún nombre que conozca.",
    visible: "en la imagen",
    notVisible: "no está en la imagen",
    cannotTell: "no se puede saber",
    picture: "Imagen {number}",
    more: "y {number} más",
    partial: "Algunos modelos no respondieron: puede faltar algo.",
    notDrawn: "No pude dibujar sobre la imagen.",
    failed: "No pude mirar esta publicación. Envíala otra vez en un momento.",
    overLimit: "Este chat ya gastó lo que puede gastar en un día. Mañana puede seguir.",
    tooMany: "Este chat tiene {limit} publicaciones en espera. Envía esta más tarde.",
    discord: {
      help:
        "Usa /recognize con el texto de una publicación y su imagen; o abre el menú de un mensaje, Aplicaciones, y elige " +
        "«Buscar quién sale». Busco los nombres del texto y marco a quién y qué de ellos muestra la imagen. Relaciono " +
        "nombres que están en el texto; nunca reconozco a nadie por su cara.",
      noPicture: "El mensaje no tiene imagen. Elige uno que la tenga, o usa /recognize.",
      noText: "Falta el texto. Usa /recognize con el texto de la publicación y su imagen.",
    },
    discordNames: {
      find: "Buscar quién sale",
      text: "El texto de la publicación",
      image: "La imagen de la publicación",
    },
    commands: {
      find: "Buscar los nombres de una publicación en su imagen",
      help: "Cómo funciona",
      privacy: "Qué se guarda",
      forget: "Borrar publicaciones sin respuesta",
    },
    types: { PER: "persona", LOC: "lugar", ORG: "organización", OTHER: "otro" },
  },
  fr: {
    looking: "Je regarde la publication …",
    help:
      "Envoie-moi une image avec le texte de la publication en légende, ou réponds à une image avec le texte. Je " +
      "cherche les noms du texte et je marque qui et quoi l'image montre. Dans un groupe, demande avec {find}. Je relie " +
      "des noms qui sont dans le texte ; je ne reconnais jamais personne à son visage.",
    privacy:
      "La publication et son image sont envoyées aux modèles qui cherchent les noms, et effacées dès que la réponse est " +
      "envoyée. Pendant un jour, je garde le numéro de chaque message, pour ne pas répondre deux fois, et ce que cette " +
      "discussion a dépensé aujourd'hui. {forget} efface les publications qui n'ont pas encore de réponse.",
    forgotten:
      "Les publications de cette discussion qui n'avaient pas encore de réponse sont effacées. Rien n'est gardé des " +
      "autres.",
    noPicture: "Il manque une image. Envoies-en une avec le texte en légende, ou réponds à une image avec le texte.",
    noText: "L'image n'a pas de texte. Réponds-lui avec le texte de la publication.",
    pictureTooLarge: "L'image dépasse {limit} Mo.",
    notAPicture: "Je peux regarder des images JPEG, PNG et WebP.",
    textTooLong: "Le texte dépasse {limit} caractères.",
    noNames: "Le texte n'a aucun nom que je connaisse.",
    visible: "dans l'image",
    notVisible: "pas dans l'image",
    cannotTell: "impossible à dire",
    picture: "Image {number}",
    more: "et {number} de plus",
    partial: "Certains modèles n'ont pas répondu : il peut manquer quelque chose.",
    notDrawn: "Je n'ai pas pu dessiner sur l'image.",
    failed: "Je n'ai pas pu regarder cette publication. Renvoie-la dans un moment.",
    overLimit: "Cette discussion a dépensé ce qu'elle peut en un jour. Elle pourra continuer demain.",
    tooMany: "Cette discussion a {limit} publications en attente. Renvoie celle-ci plus tard.",
    discord: {
      help:
        "Utilise /recognize avec le texte d'une publication et son image ; ou ouvre le menu d'un message, Applications, " +
        "et choisis « Trouver qui est dessus ». Je cherche les noms du texte et je marque qui et quoi l'image montre. Je " +
        "relie des noms qui sont dans le texte ; je ne reconnais jamais personne à son visage.",
      noPicture: "Le message n'a pas d'image. Choisis-en un qui en a, ou utilise /recognize.",
      noText: "Il manque le texte. Utilise /recognize avec le texte de la publication et son image.",
    },
    discordNames: {
      find: "Trouver qui est dessus",
      text: "Le texte de la publication",
      image: "L'image de la publication",
    },
    commands: {
      find: "Chercher les noms d'une publication dans son image",
      help: "Comment ça marche",
      privacy: "Ce qui est gardé",
      forget: "Effacer les publications sans réponse",
    },
    types: { PER: "personne", LOC: "lieu", ORG: "organisation", OTHER: "autre" },
  },
  pt: {
    looking: "Estou olhando a publicação …",
    help:
      "Envie uma imagem com o texto da publicação como legenda, ou responda a uma imagem com o texto. Procuro os nomes " +
      "do texto e marco quem e o que deles a imagem mostra. Em um grupo, pergunte com {find}. Relaciono nomes que estão " +
      "no texto; nunca reconheço alguém pelo rosto.",
    privacy:
      "A publicação e a imagem são enviadas aos modelos que procuram os nomes, e apagadas assim que a resposta é " +
      "enviada. Por um dia guardo o número de cada mensagem, para não responder duas vezes, e o que este chat gastou " +
      "hoje. {forget} apaga as publicações que ainda não têm resposta.",
    forgotten: "As publicações deste chat que ainda não tinham resposta foram apagadas. Das outras não se guarda nada.",
    noPicture: "Falta uma imagem. Envie uma com o texto como legenda, ou responda a uma com o texto.",
    noText: "A imagem não tem texto. Responda a ela com o texto da publicação.",
    pictureTooLarge: "A imagem tem mais de {limit} MB.",
    notAPicture: "Posso olhar imagens JPEG, PNG e WebP.",
    textTooLong: "O texto tem mais de {limit} caracteres.",
    noNames: "O texto não tem nenhum nome que eu conheça.",
    visible: "na imagem",
    notVisible: "não está na imagem",
    cannotTell: "não dá para saber",
    picture: "Imagem {number}",
    more: "e mais {number}",
    partial: "Alguns modelos não responderam: pode faltar algo.",
    notDrawn: "Não consegui desenhar na imagem.",
    failed: "Não consegui olhar esta publicação. Envie de novo daqui a pouco.",
    overLimit: "Este chat já gastou o que pode em um dia. Amanhã pode continuar.",
    tooMany: "Este chat tem {limit} publicações esperando. Envie esta mais tarde.",
    discord: {
      help:
        "Use /recognize com o texto de uma publicação e a imagem; ou abra o menu de uma mensagem, Apps, e escolha “Achar " +
        "quem está aqui”. Procuro os nomes do texto e marco quem e o que deles a imagem mostra. Relaciono nomes que estão " +
        "no texto; nunca reconheço alguém pelo rosto.",
      noPicture: "A mensagem não tem imagem. Escolha uma que tenha, ou use /recognize.",
      noText: "Falta o texto. Use /recognize com o texto da publicação e a imagem.",
    },
    discordNames: { find: "Achar quem está aqui", text: "O texto da publicação", image: "A imagem da publicação" },
    commands: {
      find: "Procurar os nomes de uma publicação na imagem",
      help: "Como funciona",
      privacy: "O que é guardado",
      forget: "Apagar publicações sem resposta",
    },
    types: { PER: "pessoa", LOC: "lugar", ORG: "organização", OTHER: "outro" },
  },
};

/** The languages that the bots speak (BCP 47). */
export const LANGUAGE_TAGS: readonly string[] = Object.keys(LANGUAGES);

/** The sentences of a language; English where a platform tells none, or one that the bots do not speak. */
export function sentencesOf(tag: string | null): Sentences {
  const language = tag?.toLowerCase().split(/[-_]/)[0] ?? "";
  return LANGUAGES[LANGUAGE_TAGS.includes(language) ? language : "en"] as Sentences;
}

/** A sentence with its values in place. */
export function fill(sentence: string, values: Readonly<Record<string, string | number>>): string {
  return sentence.replaceAll(/\{(\w+)\}/g, (whole, name) => String(values[name] ?? whole));
}
