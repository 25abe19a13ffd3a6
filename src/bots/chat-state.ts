import { LIMITS } from "../../schemas/limits.ts";
import { describeError } from "../observe/log.ts";
import type { Database } from "../storage/database.ts";
import type { AnswerText } from "./answer-text.ts";
import type { ChatDeployment } from "./deployment.ts";
import { type BotMessage, type Platform, PlatformError } from "./platform.ts";
import { fill, type Sentences, sentencesOf } from "./sentences.ts";
import { createTables, hasTables } from "./tables.ts";
import {
  addSpent,
  allMessages,
  countWaiting,
  dueMessages,
  finish,
  forgetOld,
  gatherAlbums,
  messageOfJob,
  nextDue,
  noteAnswered,
  notePlaced,
  noteRunning,
  noteSaying,
  putOff,
  retry,
  spentToday,
  take,
  type Waiting,
} from "./waiting.ts";
import { answerOf, type Begun, beginJobs } from "./work.ts";

/** The methods of a chat's Durable Object. */
export interface ChatCalls {
  /** Takes a message in, to be answered later. A repeat changes nothing. */
  receive(message: BotMessage): Promise<void>;
  /** A job of a message has ended. Repeating it changes nothing. */
  ended(job: string): Promise<void>;
}

/** What a chat works with. */
export interface ChatStorage {
  readonly database: Database;
  readonly alarm: { get(): Promise<number | null>; set(time: number): Promise<void> };
  /** Deletes the database and the alarm. */
  readonly clear: () => Promise<void>;
  readonly deployment: ChatDeployment;
}

/** How long after a picture of an album the next one may come, in milliseconds. */
const ALBUM_MS = 1_500;
/** Time after which jobs that have said nothing are asked whether they have ended, in milliseconds. */
const SILENCE_MS = 60_000;
/** First and longest wait before something that failed is tried again, in milliseconds. */
const [FIRST_WAIT_MS, LAST_WAIT_MS] = [2_000, 10 * 60_000];
/** How long an answer is tried to be sent, in milliseconds. */
const TRY_MS = 6 * 60 * 60 * 1000;
/** Time between two looks at what is kept for a day, in milliseconds. */
const KEEP_MS = 25 * 60 * 60 * 1000;

/**
 * A chat of a bot over its database, apart from the platform. Each message is taken in at once and answered by the
 * alarm: something is said, jobs do the work, and the answer takes the place of what was said. What it has in memory is
 * only what the database says, so that its process may end at any time and another one goes on.
 */
export class ChatState implements ChatCalls {
  readonly #storage: ChatStorage;
  readonly #database: Database;
  #hasTables: boolean;

  constructor(storage: ChatStorage) {
    this.#storage = storage;
    this.#database = storage.database;
    this.#hasTables = hasTables(this.#database);
  }

  async receive(message: BotMessage): Promise<void> {
    if (!this.#hasTables) createTables(this.#database);
    this.#hasTables = true;
    const now = this.#now();
    take(this.#database, message, now, message.album === null ? now : now + ALBUM_MS);
    // Also for a repeat: the alarm may be what got lost.
    await this.#ring();
  }

  async ended(job: string): Promise<void> {
    const waiting = this.#hasTables ? messageOfJob(this.#database, job) : null;
    if (!waiting) return;
    putOff(this.#database, waiting.message.id, this.#now());
    await this.#ring();
  }

  /** Does what is due. Never rejects: what failed is tried again by the next alarm. */
  async alarm(): Promise<void> {
    if (!this.#hasTables) return;
    const { database } = this.#storage;
    gatherAlbums(database, this.#now());
    await Promise.all(dueMessages(database, this.#now()).map((waiting) => this.#attend(waiting)));
    if (this.#hasTables && !forgetOld(database, this.#now())) return this.#clear();
    await this.#ring();
  }

  async #attend(waiting: Waiting): Promise<void> {
    const { message, receivedAt, tries } = waiting;
    const { deployment, database } = this.#storage;
    try {
      const platform = await deployment.platformOf(message.chat);
      if (platform) await this.#goOn(waiting, platform);
      else await this.#drop(waiting);
    } catch (error) {
      const now = this.#now();
      const wait = error instanceof PlatformError ? error.retryMs : Math.min(LAST_WAIT_MS, FIRST_WAIT_MS * 2 ** tries);
      deployment.log({ event: "bot_answer_failed", tries, ...describeError(error) });
      // Who has blocked the bot, or deleted the chat, gets no answer.
      if (wait === null || now + wait > receivedAt + TRY_MS) await this.#drop(waiting);
      else retry(database, message.id, now + Math.max(wait, Math.min(LAST_WAIT_MS, FIRST_WAIT_MS * 2 ** tries)));
    }
  }

  async #goOn(waiting: Waiting, platform: Platform): Promise<void> {
    const sentences = sentencesOf(waiting.message.language);
    if (waiting.state === "received") return this.#place(waiting, platform, sentences);
    if (waiting.state === "placed") return this.#begin(waiting, platform, sentences);
    return this.#answer(waiting, platform, sentences);
  }

  /** Answers what needs no models; else says that the post is being looked at. */
  async #place({ message, isSaid }: Waiting, platform: Platform, sentences: Sentences): Promise<void> {
    const { database } = this.#storage;
    const { command, id } = message;
    if (command === "forget") await this.#forgetOthers(id);
    const sentence = command === null ? this.#refusal(message, sentences) : COMMANDS[command](sentences);
    // It was said before, or may have been: it is not said twice.
    if (!isSaid) {
      noteSaying(database, id, true);
      const said = await platform.say(message, sentence ?? sentences.looking).catch((error) => {
        // Told to wait, the platform has sent nothing.
        if (error instanceof PlatformError && error.isRefused) noteSaying(database, id, false);
        throw error;
      });
      if (sentence === null) return notePlaced(database, id, said, this.#now());
    }
    if (sentence !== null) return finish(database, id, this.#now());
    notePlaced(database, id, null, this.#now());
  }

  /** Why a message is no post to look at, in a sentence; null for one that is. */
  #refusal({ text, pictures, hasOther }: BotMessage, sentences: Sentences): string | null {
    const limit = LIMITS.uploadBytes / 1024 / 1024;
    if (pictures.length === 0) return hasOther ? sentences.notAPicture : sentences.noPicture;
    if (pictures.some(({ bytes }) => (bytes ?? 0) > LIMITS.uploadBytes)) {
      return fill(sentences.pictureTooLarge, { limit });
    }
    if (text === "") return sentences.noText;
    if (text.length > LIMITS.textLength) return fill(sentences.textTooLong, { limit: LIMITS.textLength });
    if (countWaiting(this.#database) > LIMITS.botWaiting) return fill(sentences.tooMany, { limit: LIMITS.botWaiting });
    return null;
  }

  async #begin({ message, said }: Waiting, platform: Platform, sentences: Sentences): Promise<void> {
    const { database, deployment } = this.#storage;
    const begun: Begun = await beginJobs(message, platform, spentToday(database, this.#now()), deployment);
    if (begun.outcome === "begun") {
      return noteRunning(database, message.id, begun.jobs, begun.most, this.#now() + SILENCE_MS);
    }
    await platform.answer(message, said, { text: plain(refusedSentence(begun.outcome, sentences)), pictures: [] });
    finish(database, message.id, this.#now());
  }

  async #answer(waiting: Waiting, platform: Platform, sentences: Sentences): Promise<void> {
    const { message, said, jobs, isAnswered } = waiting;
    const { database, deployment } = this.#storage;
    const answer = await answerOf(jobs, platform.textLength, sentences, deployment);
    if (!answer) return putOff(database, message.id, this.#now() + SILENCE_MS);
    const [, ...more] = answer.pictures;
    if (!isAnswered) {
      await platform.answer(message, said, answer);
      noteAnswered(database, message.id);
      // These cannot take the place of something, so that they are tried once.
      if (more.length > 0) await platform.sendMore(message, more).catch((error) => this.#noteLost(error));
    }
    addSpent(database, answer.charged, this.#now());
    await this.#drop(waiting);
  }

  #noteLost(error: unknown): void {
    this.#storage.deployment.log({ event: "bot_pictures_lost", ...describeError(error) });
  }

  /** Ends a message, and deletes all that its jobs keep. */
  async #drop({ message, jobs }: Waiting): Promise<void> {
    await Promise.all(jobs.map((id) => this.#storage.deployment.jobs.at(id).cancel()));
    finish(this.#database, message.id, this.#now());
  }

  /** Deletes everything of the chat but one message. */
  async #forgetOthers(id: string): Promise<void> {
    const others = allMessages(this.#database).filter(({ message }) => message.id !== id);
    await Promise.all(others.map((waiting) => this.#drop(waiting)));
    for (const table of ["seen", "spent"]) this.#database.run(`DELETE FROM ${table}`);
  }

  async #clear(): Promise<void> {
    this.#hasTables = false;
    await this.#storage.clear();
  }

  /** Sets the alarm to what is due next. */
  async #ring(): Promise<void> {
    const now = this.#now();
    const due = Math.max(now, nextDue(this.#database) ?? now + KEEP_MS);
    await this.#storage.alarm.set(due);
  }

  #now(): number {
    return this.#storage.deployment.clock();
  }
}

/** What is said to each command. */
const COMMANDS = {
  help: ({ help }: Sentences) => help,
  privacy: ({ privacy }: Sentences) => privacy,
  forget: ({ forgotten }: Sentences) => forgotten,
} as const;

function refusedSentence(outcome: Exclude<Begun["outcome"], "begun">, sentences: Sentences): string {
  switch (outcome) {
    case "over_limit":
      return sentences.overLimit;
    case "not_a_picture":
      return sentences.notAPicture;
    case "too_large":
      return fill(sentences.pictureTooLarge, { limit: LIMITS.uploadBytes / 1024 / 1024 });
  }
}

function plain(text: string): AnswerText {
  return { text, names: [] };
}
