// SPDX-License-Identifier: Apache-2.0
// The counting methods. A method is data and a function:
//   name     as rules have it
//   gives    what voters write: "marks", "ranks" or "points"
//   options  [{ name, otherwise, … }] with min and max for an integer, and `list` for several with
//            "/" between them, or with the words that it may be
//   check    (optional) refuses a question that it cannot count, before any ballot is looked at
//   ranksMost (optional) a manifest's max, beyond which a ballot may stop the count
//   pointsMost, totalMost (optional) of the options: the points that a ballot may give one, or all
//   votesMost (optional) of the options: how many votes its numbers have room for
//   count    counts an Election with the values of the options
import { approval, plurality } from "./plurality.js";
import { borda, bordaCustom, bordaNauru, cumulative, desborda, desborda2, desborda3 } from
	"./positional.js";
import { bucklin, supplementaryVote } from "./bucklin.js";
import { coombs, firstPreferences, irv } from "./irv.js";
import { cambridge, cfer, mpls, scotland, wigmPrf } from "./gregory.js";
import { copeland, minimax, rankedPairs, schulze } from "./pairwise.js";
import { majorityJudgment, score } from "./grades.js";
import { meek, meekPrf, warren } from "./meek.js";
import { ers97, northernIreland } from "./parcels.js";
import { qpq } from "./qpq.js";
import { star } from "./star.js";

export const METHODS = [approval, borda, bordaCustom, bordaNauru, bucklin, cambridge, cfer, coombs,
	copeland, cumulative, desborda, desborda2, desborda3, ers97, firstPreferences, irv,
	majorityJudgment, meek, meekPrf, minimax, mpls, northernIreland, plurality, qpq, rankedPairs,
	schulze, score, scotland, star, supplementaryVote, warren, wigmPrf];
