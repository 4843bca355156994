// The words of the app in Armenian: what agents and customers see. What is not
// here is read in English.

import type { Sections } from "./index";

export const hy: Sections = {
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
