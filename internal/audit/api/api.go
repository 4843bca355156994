// Package api is the audit of readings in the HTTP API, for administrators and
// privacy officers: to look through, to take out as a file, and to verify.
//
// It is given a place in the API and knows nothing of keys and sessions.
package api

import (
	"context"
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"heed/internal/export"
	"heed/internal/export/send"
	"heed/internal/mount"
	"heed/internal/store"
)

// Auditors gives who reads who read what.
func Auditors() []string { return []string{mount.Admin, mount.Privacy} }

// audit is the part of the store that is asked.
type audit interface {
	Reads(ctx context.Context, q store.ReadQuery) ([]store.Read, string, error)
	VerifyReads(ctx context.Context) (store.ReadChain, error)
}

// Options are what the routes need.
type Options struct {
	Audit audit
	// Flush writes down what was counted and is not written yet.
	Flush func(ctx context.Context) error
	// Note keeps in the log what is taken out, and Rows is how much at most.
	Note send.Note
	Rows int64
}

type routes struct {
	Options

	kit    mount.Kit
	sender *send.Sender
}

// Routes gives what adds the routes to an API.
func Routes(o Options) func(mount.Kit) {
	return func(k mount.Kit) {
		r := routes{o, k, send.New(k, o.Rows, o.Note)}
		list := k.Operation("audit", http.MethodGet, "/v1/audit", "Who read what of which customer, the latest first", Auditors())
		list.Description = "A row is one reader, one thing and ten minutes. Erased customers are not named any more."
		huma.Register(k.API, list, r.list)
		file := k.Operation("export-audit", http.MethodGet, "/v1/audit/export", "Who read what of which customer, as a file", Auditors())
		send.Describe(&file, table(), example())
		huma.Register(k.API, file, r.export)
		huma.Register(k.API, k.Operation("verify-audit", http.MethodGet, "/v1/audit/verify", "Read the whole audit, and say whether it is as it was written", Auditors()), r.verify)
	}
}

// Asked says which part of the audit is wanted.
type Asked struct {
	Who      string    `query:"who" maxLength:"64" doc:"Readings of this user or key, by id"`
	Call     string    `query:"call" maxLength:"64" doc:"Of this call"`
	Customer string    `query:"customer" maxLength:"64" doc:"Of this customer"`
	Kind     string    `query:"kind" maxLength:"40" doc:"Of this kind, such as call, recording, search, live, clip or export"`
	From     time.Time `query:"from" doc:"First read at this moment or later"`
	To       time.Time `query:"to" doc:"First read before this moment"`
}

func (a Asked) query() store.ReadQuery {
	return store.ReadQuery{Who: a.Who, Call: a.Call, About: a.Customer, Kind: a.Kind, From: a.From, To: a.To}
}

type listInput struct {
	Asked
	Limit int    `query:"limit" minimum:"1" maximum:"500" default:"50"`
	After string `query:"after" maxLength:"256" doc:"The previous page's next"`
}

// Reading is a row of the audit.
type Reading struct {
	N        int64     `json:"n" doc:"Its place in the audit"`
	First    time.Time `json:"first_at"`
	Last     time.Time `json:"last_at"`
	Times    int       `json:"times" doc:"How often within the ten minutes"`
	Who      string    `json:"who" doc:"Id of the user or the key"`
	Name     string    `json:"name"`
	Role     string    `json:"role"`
	Origin   string    `json:"origin" enum:"local,private,public,proxied,unknown" doc:"What kind of address it came from"`
	Kind     string    `json:"kind"`
	Call     string    `json:"call_id,omitempty"`
	Customer string    `json:"customer_id,omitempty" doc:"Whose it was then"`
	Why      string    `json:"why,omitempty" doc:"What the reader gave as Heed-Reason"`
	Sealed   bool      `json:"sealed" doc:"It is in the chain; the last minutes are not yet"`
	Sum      string    `json:"sum,omitempty"`
}

func readingOf(r *store.Read) Reading {
	return Reading{
		N: r.N, First: r.First, Last: r.Last, Times: r.Times, Who: r.Who, Name: r.Name, Role: r.Role, Origin: r.Origin,
		Kind: r.Kind, Call: r.Call, Customer: r.About, Why: r.Why, Sealed: r.Sealed, Sum: r.Sum,
	}
}

type readingList struct {
	Reads []Reading `json:"reads"`
	Next  string    `json:"next,omitempty" doc:"Ask with after=NEXT for more; absent on the last page"`
}

type out[T any] struct{ Body T }

func (r routes) list(ctx context.Context, in *listInput) (*out[readingList], error) {
	if err := r.Flush(ctx); err != nil {
		return nil, r.kit.Fail(err)
	}
	q := in.query()
	q.After, q.Limit = in.After, in.Limit
	found, next, err := r.Audit.Reads(ctx, q)
	if err != nil {
		return nil, r.kit.Fail(err)
	}
	l := readingList{Reads: make([]Reading, len(found)), Next: next}
	for i := range found {
		l.Reads[i] = readingOf(&found[i])
	}
	return &out[readingList]{l}, nil
}

// table is the audit as a file.
func table() export.Table[store.Read] {
	type read = store.Read
	return export.Table[read]{Name: "heed-audit", Columns: []export.Column[read]{
		export.Whole("n", "its place in the audit", func(r *read) int64 { return r.N }),
		export.Time("first_at", "UTC", func(r *read) time.Time { return r.First }),
		export.Time("last_at", "UTC", func(r *read) time.Time { return r.Last }),
		export.Whole("times", "how often within ten minutes", func(r *read) int64 { return int64(r.Times) }),
		export.Text("who", "id of the user or the key", func(r *read) string { return r.Who }),
		export.Text("name", "of them", func(r *read) string { return r.Name }),
		export.Text("role", "of them", func(r *read) string { return r.Role }),
		export.Text("origin", "what kind of address it came from", func(r *read) string { return r.Origin }),
		export.Text("kind", "what was read", func(r *read) string { return r.Kind }),
		export.Text("call_id", "empty for none", func(r *read) string { return r.Call }),
		export.Text("customer_id", "empty for none and for erased ones", func(r *read) string { return r.About }),
		export.Text("why", "what the reader gave as the reason", func(r *read) string { return r.Why }),
		export.Text("sum", "of the chain; empty while it is not sealed", func(r *read) string { return r.Sum }),
	}}
}

func example() store.Read {
	at := time.Date(2026, 3, 2, 9, 15, 0, 0, time.UTC)
	return store.Read{
		N: 412, First: at, Last: at.Add(2 * time.Minute), Times: 3, Reader: store.Reader{Who: "0198c0de", Name: "Dana Fox", Role: "agent", Origin: "private"},
		Kind: "recording", Call: "0198c0df", About: "0198c0e0", Why: "complaint 4412", Sum: "9f3c",
	}
}

type exportInput struct {
	Asked
	send.Ask
}

func (r routes) export(ctx context.Context, in *exportInput) (*huma.StreamResponse, error) {
	if err := r.Flush(ctx); err != nil {
		return nil, r.kit.Fail(err)
	}
	return send.Answer(ctx, r.sender, table(), in.Ask, "audit", func(ctx context.Context, take func(*store.Read) error) (string, error) {
		for q := in.query(); ; {
			q.Limit = 500
			page, next, err := r.Audit.Reads(ctx, q)
			if err != nil {
				return "", err
			}
			for i := range page {
				if err := take(&page[i]); err != nil {
					return "", err
				}
			}
			if q.After = next; next == "" {
				return "", nil
			}
		}
	})
}

// Chain is what a check of the audit found.
type Chain struct {
	Whole bool   `json:"whole" doc:"All is as it was written"`
	Rows  int    `json:"rows" doc:"Sealed rows that are as they were written"`
	Open  int    `json:"open" doc:"Rows of the last minutes, which are not sealed yet"`
	Bad   int64  `json:"bad,omitempty" doc:"The first row that was changed, or before which one is missing"`
	Head  string `json:"head,omitempty" doc:"The last sum: keep it elsewhere, to tell when the end was cut off"`
}

func (r routes) verify(ctx context.Context, _ *struct{}) (*out[Chain], error) {
	c, err := r.Audit.VerifyReads(ctx)
	if err != nil {
		return nil, r.kit.Fail(err)
	}
	return &out[Chain]{Chain{Whole: c.Bad == 0, Rows: c.Rows, Open: c.Open, Bad: c.Bad, Head: c.Head}}, nil
}
