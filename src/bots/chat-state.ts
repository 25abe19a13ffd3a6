import { LIMITS } from "../../schemas/limits.ts";
import { describeError } from "../observe/log.ts";
import type { Database, ObjectStorage } from "../storage/database.ts";
import type { ChatDeployment } from "./deployment.ts";
import type { BotAnswer, BotMessage, Platform } from "./platform.ts";
import { PlatformError } from "./platform-error.ts";
import { Quiet } from "./quiet.ts";
import { sentenceFor, tooLarge } from "./sentence-for.ts";
import { fill, sentencesOf } from "./sentences.ts";
import { createTables, hasTables } from "./tables.ts";
import {
  allMessages,
  dueMessages,
  finish,
  forgetOld,
  gatherAlbums,
  hurry,
  messageOfJob,
  nextDue,
  noteAnswered,
  noteJobs,
  noteMessage,
  noteRunning,
  noteSaid,
  noteSaying,
  noteState,
  placeInLine,
  putOff,
  retry,
  spentToday,
  take,
  type Waiting,
} from "./waiting.ts";
import { answerOf, beginJobs, dropJobs, jobIdsOf, mostOf } from "./work.ts";

/** The methods of a chat's Durable Object. */
export interface ChatCalls {
  /** Takes a message in, to be answered later. A repeat changes nothing. */
  receive(message: BotMessage): Promise<void>;
  /** A job of a message has ended. Repeating it changes nothing. */
  ended(job: string): Promise<void>;
}

/** What a chat works with. */
export interface ChatStorage extends ObjectStorage {
  readonly deployment: ChatDeployment;
}

/** How long after a picture of an album the next one may come, in milliseconds. */
const ALBUM_MS = 1_500;
/** Time after which jobs that have said nothing are asked whether they have ended, in milliseconds. */
const SILENCE_MS = 60_000;
/** First and longest wait before something that failed is tried again, in milliseconds. */
const [FIRST_WAIT_MS, LAST_WAIT_MS] = [2_000, 10 * 60_000];
/** How long the platform is tried, in milliseconds. */
const TRY_MS = 6 * 60 * 60 * 1000;
/** Number of times that a post's jobs are tried to begin: for about nine minutes, whenever the platform came back. */
const BEGIN_TRIES = 9;
/** Number of tries after which an answer is sent without pictures that cannot be drawn. */
const DRAW_TRIES = 3;
/** Time between two looks at what is kept for a day, in milliseconds. */
const KEEP_MS = 25 * 60 * 60 * 1000;
/** What is said before a sentence that is there at once. */
const MOMENT = "…";

/**
 * A chat of a bot over its database, apart from the platform. Each message is taken in at once and answered by the
 * alarm: something is said, jobs do the work, and the answer takes the place of what was said, so that an answer which
 * is sent twice is seen once. Its memory holds only what the database says too: the process may end at any time, and
 * another one goes on.
 */
export class ChatState implements ChatCalls {
  readonly #storage: ChatStorage;
  readonly #database: Database;
  #hasTables: boolean;
  readonly #quiet: Quiet;

  constructor(storage: ChatStorage) {
    this.#storage = storage;
    this.#database = storage.database;
    this.#hasTables = hasTables(this.#database);
    this.#quiet = new Quiet(storage.deployment.clock);
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
    // What failed waits for its time.
    if (!waiting || waiting.tries > 0) return;
    hurry(this.#database, waiting, this.#now());
    await this.#ring();
  }

  /** Does what is due. Never rejects: what failed is tried again by the next alarm. */
  async alarm(): Promise<void> {
    if (!this.#hasTables) return;
    if (this.#now() >= this.#quiet.until) {
      gatherAlbums(this.#database, this.#now());
      const isForgetting = ({ message }: Waiting) => message.command === "forget";
      // Alone, because it ends what the others are about to begin.
      for (const waiting of this.#due().filter(isForgetting)) await this.#attend(waiting);
      await Promise.all(this.#due().map((waiting) => isForgetting(waiting) || this.#attend(waiting)));
      if (!forgetOld(this.#database, this.#now())) return this.#clear();
    }
    await this.#ring();
  }

  async #attend(waiting: Waiting): Promise<void> {
    const { deployment } = this.#storage;
    try {
      const platform = await deployment.platformOf(waiting.message.chat);
      if (platform) await this.#goOn(waiting, this.#quiet.keep(platform));
      else await this.#drop(waiting);
    } catch (error) {
      deployment.log({ event: "bot_answer_failed", tries: waiting.tries, ...describeError(error) });
      await this.#failed(waiting, error).catch((lost: unknown) => {
        deployment.log({ event: "bot_answer_failed", tries: waiting.tries, ...describeError(lost) });
        retry(this.#database, waiting.message.id, this.#now() + waitAfter(waiting.tries));
      });
    }
  }

  /** Has what failed tried again, or ends it: who has blocked the bot, or deleted the chat, gets no answer. */
  async #failed(waiting: Waiting, error: unknown): Promise<void> {
    const { message, state, receivedAt, tries } = waiting;
    const now = this.#now();
    const asked = error instanceof PlatformError ? error.retryMs : 0;
    const at = now + Math.max(asked ?? 0, waitAfter(tries));
    const isBeginning = state === "placed" && message.command === null;
    const isInTime = at <= receivedAt + TRY_MS && !(isBeginning && tries + 1 >= BEGIN_TRIES);
    if (asked !== null && isInTime) return retry(this.#database, message.id, at);
    // Jobs that did not begin are answered as ones that failed.
    if (isBeginning) return noteState(this.#database, message.id, "running", now);
    await this.#drop(waiting);
  }

  async #goOn(waiting: Waiting, platform: Platform): Promise<void> {
    if (waiting.state === "received") return this.#place(waiting, platform);
    if (waiting.state === "placed") return this.#begin(waiting, platform);
    return this.#answer(waiting, platform);
  }

  /** Says something, in whose place the answer will be put. */
  async #place(waiting: Waiting, platform: Platform): Promise<void> {
    const message = (await platform.complete?.(waiting.message)) ?? waiting.message;
    if (message !== waiting.message) noteMessage(this.#database, message);
    // What may have been said is not said again where nobody can look: then the answer finds a place for itself.
    if (!waiting.isSaid || platform.find) await this.#placeOf({ ...waiting, message }, platform);
    noteState(this.#database, message.id, "placed", this.#now());
  }

  /** The name of what was said for a message. Where nothing was, or that is not known, something is said. */
  async #placeOf({ message, said, isSaid }: Waiting, platform: Platform): Promise<string> {
    const found = said ?? (isSaid ? await platform.find?.(message) : null);
    return found ?? (await this.#say(message, platform));
  }

  async #say(message: BotMessage, platform: Platform): Promise<string> {
    const database = this.#database;
    noteSaying(database, message.id, true);
    const text = this.#sentence(message, platform) === null ? sentencesOf(message.language).looking : MOMENT;
    const said = await platform.say(message, text).catch((error: unknown) => {
      // What was refused was not said.
      if (error instanceof PlatformError && error.isRefused) noteSaying(database, message.id, false);
      throw error;
    });
    noteSaid(database, message.id, said);
    return said;
  }

  /** What is answered without any model; null for a post to look at. */
  #sentence(message: BotMessage, { words }: Platform): string | null {
    const sentences = sentencesOf(message.language);
    const sentence = sentenceFor(message, sentences, words);
    if (sentence !== null || placeInLine(this.#database, message.id) <= LIMITS.botWaiting) return sentence;
    return fill(sentences.tooMany, { limit: LIMITS.botWaiting });
  }

  async #begin(waiting: Waiting, platform: Platform): Promise<void> {
    const { message } = waiting;
    const { deployment } = this.#storage;
    if (message.command === "forget") await this.#forgetBefore(message.id, platform);
    const isNew = waiting.jobs.length === 0;
    const sentence = isNew ? this.#sentence(message, platform) : null;
    if (sentence !== null) return this.#close(waiting, platform, sentence);
    const sentences = sentencesOf(message.language);
    const jobs = isNew ? await jobIdsOf(message) : waiting.jobs;
    if (isNew && !this.#allow(message, jobs)) return this.#close(waiting, platform, sentences.overLimit);
    const begun = await beginJobs(message, jobs, platform, deployment);
    if (begun === "begun") return noteRunning(this.#database, waiting, this.#now() + SILENCE_MS);
    const refused = begun === "too_large" ? tooLarge(sentences) : sentences.notAPicture;
    await this.#close({ ...waiting, jobs }, platform, refused);
  }

  /** Notes the jobs of a message, if the chat may use what they may cost. */
  #allow(message: BotMessage, jobs: readonly string[]): boolean {
    const { dailyLimit } = this.#storage.deployment.botAccount;
    const most = mostOf(message, this.#storage.deployment);
    if (dailyLimit !== null && spentToday(this.#database, this.#now()) + most > dailyLimit) return false;
    noteJobs(this.#database, message.id, jobs, most);
    return true;
  }

  async #answer(waiting: Waiting, platform: Platform): Promise<void> {
    const { message, jobs, isAnswered, tries, due } = waiting;
    const { database, deployment } = this.#storage;
    if (!isAnswered) {
      const sentences = sentencesOf(message.language);
      const answer = await answerOf(jobs, tries >= DRAW_TRIES, platform.textLength, sentences, deployment);
      if (!answer) return putOff(database, message.id, due, this.#now() + SILENCE_MS);
      await this.#show(waiting, platform, answer);
      noteAnswered(database, message.id, answer.charged, this.#now());
      const more = answer.pictures.slice(1);
      // These cannot take the place of something, so that they are sent once at most.
      if (more.length > 0) await platform.sendMore(message, more).catch((error) => this.#noteLost(error));
    }
    await this.#drop(waiting);
  }

  /** Answers a message with a sentence, and ends it. */
  async #close(waiting: Waiting, platform: Platform, sentence: string): Promise<void> {
    await this.#show(waiting, platform, { text: { text: sentence, names: [] }, pictures: [] });
    await this.#drop(waiting);
  }

  /** Puts an answer in the place of what was said. */
  async #show(waiting: Waiting, platform: Platform, answer: BotAnswer): Promise<void> {
    const { message } = waiting;
    const place = await this.#placeOf(waiting, platform);
    await platform.answer(message, place, answer).catch((error: unknown) => {
      // Such as a picture of a form that the platform does not take.
      const isRefused = error instanceof PlatformError && error.isRefused && error.retryMs === null;
      if (!isRefused || answer.pictures.length === 0) throw error;
      this.#noteLost(error);
      return platform.answer(message, place, { ...answer, pictures: [] });
    });
  }

  #noteLost(error: unknown): void {
    this.#storage.deployment.log({ event: "bot_pictures_lost", ...describeError(error) });
  }

  /** Ends a message, and deletes all that its jobs keep. */
  async #drop({ message, jobs }: Waiting): Promise<void> {
    const charged = await dropJobs(jobs, this.#storage.deployment);
    finish(this.#database, message.id, this.#now(), charged);
  }

  /** Ends all messages of the chat that came before one. */
  async #forgetBefore(id: string, platform: Platform): Promise<void> {
    for (const waiting of allMessages(this.#database)) {
      const { message, said } = waiting;
      if (message.id === id) break;
      await this.#drop(waiting);
      const text = { text: sentencesOf(message.language).forgotten, names: [] };
      if (said === null) continue;
      await platform.answer(message, said, { text, pictures: [] }).catch((error) => this.#noteLost(error));
    }
  }

  #due(): Waiting[] {
    return dueMessages(this.#database, this.#now());
  }

  async #clear(): Promise<void> {
    this.#hasTables = false;
    await this.#storage.clear();
  }

  /** Sets the alarm to what is due next. */
  async #ring(): Promise<void> {
    const now = this.#now();
    const due = Math.max(now, this.#quiet.until, nextDue(this.#database) ?? now + KEEP_MS);
    await this.#storage.alarm.set(due);
  }

  #now(): number {
    return this.#storage.deployment.clock();
  }
}

function waitAfter(tries: number): number {
  return Math.min(LAST_WAIT_MS, FIRST_WAIT_MS * 2 ** tries);
}
