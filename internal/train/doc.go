// Package train makes the encoder of insights/embed from labelled and plain
// utterances: it finds a vector for each piece of text such that utterances of
// one label, an utterance and its answer, and the two halves of one utterance
// lie close together. It is run by developers ("make train"), never by the
// product.
//
// A text is the sum of its pieces at length one. Labels are learnt by a softmax
// over the cosines with a vector a class, among the classes of one data set
// only, since labels of two sets may mean the same. Pairs are learnt by telling
// each apart from the others of its batch. All steps are one example or batch
// at a time, in one goroutine, so one seed gives one artefact.
package train
