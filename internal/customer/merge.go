package customer

import (
	"slices"
	"time"
)

// Merge says that two people are one. It is an edge between them and ends when
// they are parted; what belongs to each of them is never moved.
type Merge struct {
	ID     string    `json:"id"`
	People [2]string `json:"people"` // ids
	Proof  Proof     `json:"proof"`
	// On are the identifiers that were seen together, for a link by rule.
	On []Via     `json:"on,omitempty"`
	At time.Time `json:"at"`
	// RemovedAt is zero while the link holds.
	RemovedAt time.Time `json:"removed_at,omitzero"`
	RemovedBy string    `json:"removed_by,omitempty"`
}

// Joins says whether the link is between two people, in either order.
func (l Merge) Joins(a, b string) bool {
	return l.People == [2]string{a, b} || l.People == [2]string{b, a}
}

// The kinds of [Review].
const (
	OverLimit = "limit"    // more identifiers of a type than a person has
	Conflict  = "conflict" // identifiers of two people came together
)

// The states of a [Review].
const (
	Open      = "open"
	Accepted  = "accepted"
	Dismissed = "dismissed"
)

// Review is what a person of the company shall decide about identities.
type Review struct {
	ID   string `json:"id"`
	Kind string `json:"kind"`
	// CustomerID is whom it is about, OtherID the second person of a conflict.
	CustomerID string `json:"customer_id"`
	OtherID    string `json:"other_id,omitempty"`
	// Type and Values are the identifiers that came, the first ten; Count is
	// how often such a one came.
	Type      string    `json:"type"`
	Values    []string  `json:"values"`
	Count     int       `json:"count"`
	Proof     Proof     `json:"proof"`
	Why       string    `json:"why"` // one sentence for people
	At        time.Time `json:"at"`
	State     string    `json:"state"`
	DecidedBy string    `json:"decided_by,omitempty"`
	DecidedAt time.Time `json:"decided_at,omitzero"`
}

// Key is what tells one review from another: the same thing again is counted
// and not asked again.
func (r Review) Key() string {
	a, b := r.CustomerID, r.OtherID
	if r.Kind == Conflict && b < a {
		a, b = b, a
	}
	return r.Kind + " " + a + " " + b + " " + r.Type
}

// maxReviewed bounds the values that a review names.
const maxReviewed = 10

// Again counts a review that came once more.
func (r *Review) Again(more Review) {
	r.Count += max(1, more.Count)
	for _, v := range more.Values {
		if len(r.Values) < maxReviewed && !slices.Contains(r.Values, v) {
			r.Values = append(r.Values, v)
		}
	}
}
