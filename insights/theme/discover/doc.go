// Package discover finds what many calls are about without being told: it
// groups what customers say, names each group by its own words and shows its
// most typical quotes. It needs no training job and no labels, works from
// about fifty calls on and takes seconds for thousands of turns.
//
// Method. Each turn that carries a theme at all (greetings, thanks and the like
// do not, see [Model.Assign]) becomes a vector: its words weighted by rarity and
// reduced to their main directions (latent semantic analysis, Deerwester et al.
// 1990, by the randomised decomposition of Halko, Martinsson and Tropp 2011),
// beside the sentence encoder's vector when there is one, less the mean of those
// of all turns (Mu and Viswanath 2018). Many groupings by k-means with k-means++
// starts (Arthur and Vassilvitskii 2007) vote which turns belong together (Fred
// and Jain 2005); the number of groups is the one whose silhouette (Rousseeuw
// 1987) is best. Names are the phrases whose weight by class-based TF-IDF
// (Grootendorst 2022) is greatest.
//
// The same turns in the same order give the same themes: nothing is random but
// from a fixed seed. The package keeps nothing, reads no clock, and counts
// nothing: a caller stores the [Model] and counts what [Model.Assign] says.
package discover
