package whip

import (
	"context"
	"errors"
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"heed/internal/event"
	"heed/internal/mount"
)

// publishers are the roles that may bring calls in.
func publishers() []string { return []string{"admin", "ingest"} }

// takers are the roles that take calls by a microphone of their own.
func takers() []string { return []string{"admin", "agent"} }

type tokenInput struct {
	Body struct {
		Call      string `json:"call" minLength:"1" maxLength:"256" doc:"Your id of the call, the same for both parties" example:"c-20417"`
		Party     string `json:"party" enum:"customer,agent,stereo" doc:"Whose audio is published; stereo is both, a channel each" example:"agent"`
		Customer  string `json:"customer,omitempty" enum:"left,right" doc:"The customer's channel of a stereo stream, by default right" example:"right"`
		Direction string `json:"direction,omitempty" enum:"inbound,outbound" doc:"By default inbound" example:"inbound"`
		From      string `json:"from,omitempty" maxLength:"256" doc:"Number that calls" example:"+12025550142"`
		To        string `json:"to,omitempty" maxLength:"256" doc:"Number that is called" example:"+12025550199"`
		Agent     string `json:"agent,omitempty" maxLength:"256" doc:"Who takes the call" example:"Dana"`
		Language  string `json:"language,omitempty" maxLength:"35" doc:"BCP 47" example:"en-GB"`
		ExpiresIn int    `json:"expires_in,omitempty" minimum:"0" maximum:"86400" doc:"Seconds within which publishing must begin; 0 means 300" example:"300"`
	}
}

type phoneInput struct {
	Key  string `header:"Idempotency-Key" maxLength:"200" doc:"Each request makes another ticket: an unused one expires"`
	Body struct {
		Party    string `json:"party" enum:"customer,agent,stereo" doc:"As whom the caller speaks; stereo is both, a channel each" example:"agent"`
		From     string `json:"from,omitempty" maxLength:"256" doc:"Number of the customer, if there is one" example:"+12025550142"`
		Language string `json:"language,omitempty" maxLength:"35" doc:"BCP 47" example:"en-GB"`
	}
}

// PhoneTicket lets somebody who is signed in talk to Heed by their own
// microphone.
type PhoneTicket struct {
	Ticket

	Call string `json:"call" doc:"The call's id on its platform, which is whip" example:"phone-0190b0c4-8a6e-7cc2-a5b0-8c1b5be2f0a1"`
}

type phoneOutput struct {
	CacheControl string `header:"Cache-Control"`
	Body         PhoneTicket
}

// phoneLife is how long somebody may take to allow the microphone.
const phoneLife = 2 * time.Minute

// Ticket is a token with what it is used for.
type Ticket struct {
	Token   string    `json:"token" doc:"Bearer token for one session at a time; it is shown once" example:"yU1nZ8mZk3Jw..."`
	Expires time.Time `json:"expires" doc:"Publishing must have begun by then"`
	URL     string    `json:"url" doc:"Where offers are posted, on this server" example:"/ingest/whip"`
}

type ticketOutput struct {
	CacheControl string `header:"Cache-Control"`
	Body         Ticket
}

// Routes gives what adds the making of tokens to an API.
func Routes(t *Tokens) func(mount.Kit) {
	return func(k mount.Kit) {
		op := mount.Secret.Of(k.Operation("new-whip-token", http.MethodPost, "/v1/whip/tokens", "Make a token with which one party of a call publishes over WebRTC (WHIP)", publishers()))
		op.DefaultStatus, op.MaxBodyBytes = http.StatusCreated, 16<<10
		op.Description = "The token is for a browser or softphone: it is bound to the call and the party, cannot be read or changed, and is good for one session " +
			"at a time. A call of two parties takes two tokens with the same call, or one of party stereo. A session goes on when its token expires."
		op.Errors = append(op.Errors, http.StatusUnprocessableEntity)
		huma.Register(k.API, op, func(_ context.Context, in *tokenInput) (*ticketOutput, error) {
			b := in.Body
			life := time.Duration(b.ExpiresIn) * time.Second
			if life == 0 {
				life = usualLife
			}
			ticket, err := mint(t, k, Grant{
				Call: b.Call, Party: Party(b.Party), Customer: Side(b.Customer), Direction: b.Direction,
				From: b.From, To: b.To, Agent: b.Agent, Language: b.Language,
			}, life)
			if err != nil {
				return nil, err
			}
			return &ticketOutput{"no-store", ticket}, nil
		})
		softphoneRoute(t, k)
	}
}

// softphoneRoute adds the ticket of those who are signed in: for a call of
// their own, under their own name.
func softphoneRoute(t *Tokens, k mount.Kit) {
	op := mount.Secret.Of(k.Operation("new-softphone-ticket", http.MethodPost, "/v1/softphone", "Begin a call by one's own microphone: a token for the app's softphone", takers()))
	op.DefaultStatus, op.MaxBodyBytes = http.StatusCreated, 16<<10
	op.Errors = append(op.Errors, http.StatusUnprocessableEntity)
	huma.Register(k.API, op, func(ctx context.Context, in *phoneInput) (*phoneOutput, error) {
		b := in.Body
		call := "phone-" + event.NewID()
		ticket, err := mint(t, k, Grant{Call: call, Party: Party(b.Party), From: b.From, Agent: k.Caller(ctx), Language: b.Language}, phoneLife)
		if err != nil {
			return nil, err
		}
		return &phoneOutput{"no-store", PhoneTicket{ticket, call}}, nil
	})
}

// mint makes a ticket, and its errors into what the caller may know.
func mint(t *Tokens, k mount.Kit, g Grant, life time.Duration) (Ticket, error) {
	token, expires, err := t.Mint(g, life)
	if wrong := (*errGrant)(nil); errors.As(err, &wrong) {
		return Ticket{}, huma.Error422UnprocessableEntity(wrong.Error(), &huma.ErrorDetail{Location: "body." + wrong.field, Message: wrong.message})
	}
	if err != nil {
		return Ticket{}, k.Fail(err)
	}
	return Ticket{token, expires, Path}, nil
}

// usualLife is how long a token is good for when nothing is said.
const usualLife = 5 * time.Minute
