// Numbers, times and names as people read them, in the language of the page.

import { locale, t } from "./lang";
import { clean } from "./text";

/** 4:12, or 1:04:12 from an hour on. */
export function clock(seconds: number): string {
  const s = Math.max(0, Math.floor(seconds));
  const two = (n: number): string => String(n).padStart(2, "0");
  const h = Math.floor(s / 3600);
  const m = Math.floor(s / 60) % 60;
  return h > 0 ? `${h}:${two(m)}:${two(s % 60)}` : `${m}:${two(s % 60)}`;
}

const sameYear: Intl.DateTimeFormatOptions = { day: "numeric", month: "short" };
const anyYear: Intl.DateTimeFormatOptions = { ...sameYear, year: "numeric" };
const time: Intl.DateTimeFormatOptions = { hour: "2-digit", minute: "2-digit" };

/** Short local date, with the year only when it is another one. */
export function day(iso: string, now = new Date()): string {
  const d = new Date(iso);
  if (Number.isNaN(d.getTime())) return "";
  return d.toLocaleDateString(locale(), d.getFullYear() === now.getFullYear() ? sameYear : anyYear);
}

/** Local time of today, or date and time of another day. */
export function moment(iso: string, now = new Date()): string {
  const d = new Date(iso);
  if (Number.isNaN(d.getTime())) return "";
  const at = d.toLocaleTimeString(locale(), time);
  return d.toDateString() === now.toDateString() ? at : `${day(iso, now)}, ${at}`;
}

/** The whole local time with its zone, for the hover. */
export function exact(iso: string): string {
  const d = new Date(iso);
  return Number.isNaN(d.getTime()) ? "" : d.toLocaleString(locale(), { dateStyle: "full", timeStyle: "long" });
}

export function year(iso: string): string {
  const d = new Date(iso);
  return Number.isNaN(d.getTime()) ? "" : String(d.getFullYear());
}

/** A figure with at most so many decimals. */
export function figure(n: number, digits = 2): string {
  return n.toLocaleString(locale(), { maximumFractionDigits: digits });
}

/** An amount of money, with two decimals or none. */
export function amount(n: number): string {
  return n.toLocaleString(locale(), { minimumFractionDigits: Number.isInteger(n) ? 0 : 2, maximumFractionDigits: 2 });
}

/** What was named on a call, for people: the values have one form for machines. */
export function named(type: string, value: string): string {
  if (type === "money") return sum(value);
  if (type === "date") return date(value);
  return type === "duration" ? duration(value) : value;
}

function sum(value: string): string {
  const m = /^([A-Z]{3}) (\d+(?:\.\d+)?)$/.exec(value);
  if (!m) return value;
  const n = Number(m[2]);
  return n.toLocaleString(locale(), { style: "currency", currency: m[1] ?? "", minimumFractionDigits: Number.isInteger(n) ? 0 : 2 });
}

function date(value: string): string {
  const m = /^(\d{4})-(?:(\d\d)(?:-(\d\d))?|W(\d\d))$/.exec(value);
  if (!m) return value;
  const [of, month] = [Number(m[1]), Number(m[2]) - 1];
  if (m[4]) return t().format.weekOf(wholeDay(monday(of, Number(m[4]))));
  if (m[3]) return wholeDay(new Date(of, month, Number(m[3])));
  return new Date(of, month, 1).toLocaleDateString(locale(), { month: "long", year: "numeric" });
}

function wholeDay(d: Date): string {
  return d.toLocaleDateString(locale(), { weekday: "short", day: "numeric", month: "short", year: "numeric" });
}

/** The first day of a week, ISO 8601: January 4th is always in the first one. */
function monday(of: number, week: number): Date {
  const fourth = new Date(of, 0, 4);
  return new Date(of, 0, 4 - ((fourth.getDay() + 6) % 7) + 7 * (week - 1));
}

/** By when something was promised, for people: the day where it is known, else the words. */
export function due(of: { due?: string; due_on?: string }): string {
  if (of.due_on) return date(of.due_on);
  return of.due ? `\u201C${of.due}\u201D` : "";
}

const lengths: Readonly<Record<string, string>> = {
  PY: "year", PM: "month", PW: "week", PD: "day", PTH: "hour", PTM: "minute", PTS: "second",
};

function duration(value: string): string {
  const m = /^(PT?)(\d+(?:\.\d+)?)([A-Z])$/.exec(value);
  const unit = m ? lengths[`${m[1]}${m[3]}`] : undefined;
  return m && unit ? Number(m[2]).toLocaleString(locale(), { style: "unit", unit, unitDisplay: "long" }) : value;
}

/** A figure of 0..1 with both decimals, so that columns line up. */
export function share(n: number): string {
  return n.toLocaleString(locale(), { minimumFractionDigits: 2, maximumFractionDigits: 2 });
}

export function bytes(n: number): string {
  const units = ["B", "kB", "MB", "GB", "TB"];
  let i = 0;
  let v = n;
  while (v >= 1000 && i < units.length - 1) {
    v /= 1000;
    i++;
  }
  return `${figure(v, v < 10 && i > 0 ? 1 : 0)} ${units[i]}`;
}

/** Things in a row, as the language puts them: "a, b, c". */
export function listed(items: readonly string[]): string {
  return new Intl.ListFormat(locale(), { style: "narrow", type: "conjunction" }).format(items);
}

export function span(seconds: number): string {
  const { format } = t();
  const n = (of: number): string => figure(Math.floor(of), 0);
  if (seconds < 60) return format.seconds(n(seconds));
  if (seconds < 3600) return format.minutes(n(seconds / 60));
  if (seconds < 86_400) return format.hours(n(seconds / 3600), n((seconds / 60) % 60));
  const days = Math.floor(seconds / 86_400);
  return format.days(days, n(days));
}

/** "order_status" and "contact.email" as words. */
export function words(name: string): string {
  return clean(name).replaceAll(/[._-]+/g, " ").trim();
}

export function sentence(name: string): string {
  const w = words(name);
  return w.charAt(0).toUpperCase() + w.slice(1);
}

/** The text that a table of texts has for a name from outside, if it has one. */
export function textOf(table: Readonly<Record<string, string>>, name: string): string | undefined {
  return Object.hasOwn(table, name) ? table[name] : undefined;
}

export function readingName(name: string): string {
  return textOf(t().format.readings, name) ?? words(name);
}

/** The purpose as a verb: "may sell", "may not keep the recording". */
export function purpose(name: string): string {
  return textOf(t().format.purposes, name) ?? words(name);
}

/** The mood of -1..1 in a word or two. */
export function mood(v: number): string {
  const { moods } = t().format;
  if (v <= -0.6) return moods.veryUnhappy;
  if (v <= -0.2) return moods.unhappy;
  if (v < 0.2) return moods.neutral;
  return v < 0.6 ? moods.pleased : moods.veryPleased;
}

/** good, plain or bad: for colours that repeat the word, never replace it. */
export function tone(v: number): "good" | "plain" | "bad" {
  if (v <= -0.2) return "bad";
  return v < 0.2 ? "plain" : "good";
}

// Country codes of one and two digits; all others have three.
const phone = /^\+(1|7|2[07]|3[0-469]|4[013-9]|5[1-8]|6[0-6]|8[1246]|9[0-58]|\d{3})(\d{3})\d*(\d{2})$/;

/** A phone number with its middle hidden, as the desk shows it. */
export function shortPhone(e164: string): string {
  const m = phone.exec(e164);
  return m ? `+${m[1]} ${m[2]} … ${m[3]}` : e164;
}

/** The label of a signal for people: "intent.cancel" is "wants: cancel". */
export function labelText(label: string): string {
  const dot = label.indexOf(".");
  const of = words(label.slice(dot + 1));
  const { kinds } = t().format;
  switch (label.slice(0, dot)) {
    case "intent":
      return kinds.intent(of);
    case "theme":
      return kinds.theme(of);
    case "moment": case "mood": case "fact":
      return of;
    default:
      return words(label);
  }
}

const rightToLeft: ReadonlySet<string> = new Set(["ar", "fa", "he", "ur", "ps", "sd", "ug", "yi", "dv", "ckb"]);

/** The direction of a language such as "ar-SA"; undefined when it is not known. */
export function direction(language: string | undefined): "rtl" | "ltr" | undefined {
  if (!language) return undefined;
  return rightToLeft.has(language.toLowerCase().split(/[-_]/)[0] ?? "") ? "rtl" : "ltr";
}

export function channelName(name: string): string {
  return textOf(t().format.channels, name) ?? words(name);
}
