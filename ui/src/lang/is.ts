// The words of the app in Icelandic: what agents and customers see. What is not
// here is read in English.

import type { Sections } from "./index";

export const is: Sections = {
  // common

  // nav

  // help

  // format

  // desk

  // softphone

  // tour

  // calls

  // call

  // account
};
