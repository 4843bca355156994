package api

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"heed/internal/consent"
	"heed/internal/event"
	"heed/internal/ledger"
	"heed/internal/mount"
)

func asInvalid(err error) (*consent.Invalid, bool) { return errors.AsType[*consent.Invalid](err) }

type addInput struct {
	ByCustomer
	Key

	Body NewRow
}

// NewRow is a row to be written.
type NewRow struct {
	Purpose        string    `json:"purpose" enum:"service,marketing,profiling,research,recording,tracking,processing,sale_share"`
	Channel        string    `json:"channel,omitempty" enum:"agent,call,email,post,push,sms,web" doc:"None means all"`
	Topic          string    `json:"topic,omitempty" maxLength:"200"`
	Address        string    `json:"address,omitempty" maxLength:"200" doc:"One address or number; none means all"`
	State          string    `json:"state" enum:"granted,denied,withdrawn"`
	At             time.Time `json:"at,omitzero" doc:"When the person acted; by default now"`
	Expires        time.Time `json:"expires,omitzero"`
	Source         string    `json:"source,omitempty" maxLength:"80" doc:"The system that it comes from; by default Heed"`
	Wording        string    `json:"wording,omitempty" maxLength:"4000" doc:"What the person was asked, word by word"`
	WordingID      string    `json:"wording_id,omitempty" maxLength:"200" doc:"Or a registered text"`
	WordingVersion int       `json:"wording_version,omitempty" minimum:"1" doc:"By default the latest"`
	Language       string    `json:"language,omitempty" maxLength:"35"`
	Evidence       string    `json:"evidence,omitempty" maxLength:"4000" doc:"What proves it, such as a form's number"`
	How
}

// How says on what ground a row rests and how the person acted.
type How struct {
	Basis        consent.Basis `json:"basis,omitempty" enum:"consent,legitimate_interest,contract,legal_obligation"`
	Jurisdiction string        `json:"jurisdiction,omitempty" maxLength:"6" doc:"ISO 3166, such as DE or US-CA"`
	Medium       string        `json:"medium,omitempty" maxLength:"80" doc:"Where the person acted: phone, web, paper"`
	Method       string        `json:"method,omitempty" maxLength:"80" doc:"How: spoken, ticked a box, signed"`
	Verifier     string        `json:"verifier,omitempty" maxLength:"80" doc:"Who made sure of it"`
	CallID       string        `json:"call_id,omitempty" maxLength:"64"`
	CallSecond   float64       `json:"call_second,omitempty" minimum:"0" doc:"Where in the call it was said"`
}

func (r routes) add(ctx context.Context, in *addInput) (*out[consent.Row], error) {
	b := in.Body
	row, err := r.ledger.Add(ctx, consent.Row{
		CustomerID: in.ID, State: consent.State(b.State), At: b.At, Expires: b.Expires,
		Cell:   consent.Cell{Purpose: consent.Purpose(b.Purpose), Channel: b.Channel, Topic: b.Topic, Address: b.Address},
		Source: cmp.Or(b.Source, "Heed"), Actor: r.kit.Caller(ctx),
		Wording: b.Wording, WordingID: b.WordingID, WordingVersion: b.WordingVersion, Language: b.Language, Evidence: b.Evidence,
		Basis: b.Basis, Jurisdiction: b.Jurisdiction, Medium: b.Medium, Method: b.Method, Verifier: b.Verifier,
		CallID: b.CallID, CallSecond: b.CallSecond,
	})
	if err != nil {
		return nil, r.fail(err)
	}
	return &out[consent.Row]{row}, nil
}

type answerInput struct {
	ByRow
	Key

	Body struct {
		Answer string `json:"answer" enum:"confirmed,misheard"`
	}
}

func (r routes) answer(ctx context.Context, in *answerInput) (*out[consent.Row], error) {
	row, err := r.ledger.Answer(ctx, in.ID, in.Row, in.Body.Answer == "confirmed", r.kit.Caller(ctx))
	if err != nil {
		return nil, r.fail(err)
	}
	return &out[consent.Row]{row}, nil
}

type undoInput struct {
	ByRow
	Key
}

func (r routes) undo(ctx context.Context, in *undoInput) (*out[consent.Row], error) {
	row, err := r.ledger.Undo(ctx, in.ID, in.Row, r.kit.Caller(ctx))
	if err != nil {
		return nil, r.fail(err)
	}
	return &out[consent.Row]{row}, nil
}

type receiptInput struct {
	ByCustomer

	Format   string `query:"format" enum:"json,text" default:"json"`
	Language string `query:"language" maxLength:"35" default:"en"`
}

type file struct {
	ContentType string `header:"Content-Type"`
	Disposition string `header:"Content-Disposition"`
	Body        []byte
}

func (r routes) receipt(ctx context.Context, in *receiptInput) (*file, error) {
	got, err := r.ledger.Receipt(ctx, in.ID, in.Language)
	if err != nil {
		return nil, r.fail(err)
	}
	if in.Format == "text" {
		return &file{"text/plain; charset=utf-8", `attachment; filename="consent-receipt.txt"`, []byte(got.Text())}, nil
	}
	raw, err := json.MarshalIndent(got, "", "  ")
	if err != nil {
		return nil, r.fail(err)
	}
	return &file{"application/json", `attachment; filename="consent-receipt.json"`, raw}, nil
}

func (r routes) recipientRoutes() {
	k := r.kit
	huma.Register(k.API, k.Operation("recipients", http.MethodGet, "/v1/consent/recipients", "The systems that are told of changes, and how far each is behind", readers()), r.recipients)
	register := mount.Secret.Of(k.Operation("register-recipient", http.MethodPost, "/v1/consent/recipients", "Register a system; its key is shown once", officers()))
	register.DefaultStatus = http.StatusCreated
	huma.Register(k.API, register, r.register)
	huma.Register(k.API, k.Operation("drop-recipient", http.MethodDelete, "/v1/consent/recipients/{name}", "Forget a system and revoke its key", officers()), r.unregister)
	changes := k.Operation("consent-changes", http.MethodGet, "/v1/consent/changes", "For a recipient: what it is to know, withdrawals first", systems())
	confirm := k.Operation("confirm-changes", http.MethodPost, "/v1/consent/confirmations", "For a recipient: what it sees in its own system, read back", systems())
	for _, op := range []*huma.Operation{&changes, &confirm} {
		op.Description = "At most 40 requests at once and 20 a second from one recipient, of up to 500 changes each; more are answered 429 with Retry-After, and change nothing."
		op.Errors = append(op.Errors, http.StatusTooManyRequests)
	}
	huma.Register(k.API, changes, r.changes)
	huma.Register(k.API, confirm, r.confirm)
}

// How often a recipient may come to the feed: that much at once, then one
// every so often.
const (
	feedBurst = 40
	feedEvery = 50 * time.Millisecond
)

// paced refuses a recipient that comes too often.
func (r routes) paced(ctx context.Context) error {
	if r.pace.Allow(r.kit.Caller(ctx)) {
		return nil
	}
	return huma.ErrorWithHeaders(huma.Error429TooManyRequests("you come more often than 20 times a second; ask again in a second, with a larger limit"), http.Header{"Retry-After": {"1"}})
}

type recipientList struct {
	Recipients []ledger.Recipient `json:"recipients"`
}

func (r routes) recipients(ctx context.Context, _ *struct{}) (*out[recipientList], error) {
	all, err := r.ledger.Recipients(ctx)
	if err != nil {
		return nil, r.fail(err)
	}
	return &out[recipientList]{recipientList{all}}, nil
}

type registerInput struct {
	Body struct {
		Name     string   `json:"name" minLength:"1" maxLength:"40" doc:"Such as crm or newsletter.eu"`
		Purposes []string `json:"purposes,omitempty" maxItems:"20" doc:"None means all"`
		Channels []string `json:"channels,omitempty" maxItems:"20" doc:"None means all"`
	}
}

type registered struct {
	Name string `json:"name"`
	Key  string `json:"key" doc:"Shown once"`
}

func (r routes) register(ctx context.Context, in *registerInput) (*out[registered], error) {
	system := ledger.Recipient{Name: in.Body.Name, Channels: in.Body.Channels}
	for _, p := range in.Body.Purposes {
		system.Purposes = append(system.Purposes, consent.Purpose(p))
	}
	key, err := r.ledger.Register(ctx, event.By{ID: r.kit.ID(ctx), Name: r.kit.Caller(ctx)}, system)
	if err != nil {
		return nil, r.fail(err)
	}
	return &out[registered]{registered{in.Body.Name, key}}, nil
}

type byName struct {
	Name string `path:"name" maxLength:"40" doc:"The recipient's name"`
}

func (r routes) unregister(ctx context.Context, in *byName) (*struct{}, error) {
	if err := r.ledger.Unregister(ctx, event.By{ID: r.kit.ID(ctx), Name: r.kit.Caller(ctx)}, in.Name); err != nil {
		return nil, r.fail(err)
	}
	return nil, nil
}

type changesInput struct {
	After string `query:"after" maxLength:"64" doc:"The next of the answer before"`
	Limit int    `query:"limit" minimum:"1" maximum:"500" default:"100"`
}

func (r routes) changes(ctx context.Context, in *changesInput) (*out[ledger.ConsentFeed], error) {
	if err := r.paced(ctx); err != nil {
		return nil, err
	}
	f, err := r.ledger.Changes(ctx, r.kit.Caller(ctx), in.After, in.Limit)
	if err != nil {
		return nil, r.fail(err)
	}
	return &out[ledger.ConsentFeed]{f}, nil
}

type confirmInput struct {
	Body struct {
		Confirmations []ledger.Confirmation `json:"confirmations" minItems:"1" maxItems:"500"`
	}
}

type verdicts struct {
	Verdicts []ledger.ReadBack `json:"verdicts" doc:"One for each confirmation, in their order"`
}

func (r routes) confirm(ctx context.Context, in *confirmInput) (*out[verdicts], error) {
	if err := r.paced(ctx); err != nil {
		return nil, err
	}
	var v verdicts
	for _, c := range in.Body.Confirmations {
		got, err := r.ledger.Confirm(ctx, r.kit.Caller(ctx), c)
		if err != nil {
			return nil, r.fail(err)
		}
		v.Verdicts = append(v.Verdicts, got)
	}
	return &out[verdicts]{v}, nil
}

type knowsList struct {
	Recipients []ledger.Knows `json:"recipients"`
}

func (r routes) whoKnows(ctx context.Context, in *ByRow) (*out[knowsList], error) {
	all, err := r.ledger.WhoKnows(ctx, in.ID, in.Row)
	if err != nil {
		return nil, r.fail(err)
	}
	return &out[knowsList]{knowsList{all}}, nil
}
