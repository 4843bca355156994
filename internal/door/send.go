package door

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"time"

	"heed/internal/door/pass"
	"heed/internal/door/texts"
	"heed/internal/mail"
)

// ErrTooMany is returned when no more links are sent for now.
var ErrTooMany = errors.New("this customer was sent several links just now; wait some minutes")

// later does what sends a message beside the request. When too many are on their way it is
// given up: who asked for it can ask again.
func (d *Door) later(ctx context.Context, send func(context.Context) error) {
	select {
	case d.queue <- struct{}{}:
	default:
		d.log.Warn("a message to a customer was given up: too many are on their way")
		return
	}
	ctx = context.WithoutCancel(ctx)
	d.sending.Go(func() {
		defer func() { <-d.queue }()
		if err := send(ctx); err != nil {
			d.log.Error("a message to a customer was not sent", "error", err)
		}
	})
}

// prove makes a code for an address, and sends it when it is somebody's.
func (d *Door) prove(ctx context.Context, l *texts.Language, try string, to pass.Address) error {
	who, err := d.o.Reader.Find(ctx, to.Type, to.Value)
	if err != nil {
		return err
	}
	if !d.asked.Allow(to.String()) {
		who = "" // as for an address that nobody has
	}
	digits, err := d.o.Keeper.Code(ctx, try, who, to)
	if err != nil || who == "" {
		return err
	}
	return d.sendCode(ctx, l, who, to, digits)
}

// sendCode sends what a person asked for: a code, and by e-mail a link too.
func (d *Door) sendCode(ctx context.Context, l *texts.Language, customerID string, to pass.Address, digits string) error {
	minutes := int(pass.CodeLife / time.Minute)
	if to.Type != "email" {
		return d.o.Sender.Send(ctx, mail.Message{
			CustomerID: customerID, Kind: to.Type, To: to.Value, Language: l.Tag,
			Text: l.T("sms.code", "code", digits, "time", l.N("minutes", minutes), "company", d.company(l)),
		})
	}
	link, expires, err := d.link(ctx, customerID, to, "customer")
	if err != nil {
		return err
	}
	return d.o.Sender.Send(ctx, mail.Message{
		CustomerID: customerID, Kind: to.Type, To: to.Value, Language: l.Tag, Subject: l.T("mail.code.subject", "company", d.company(l)),
		Text: l.T("mail.code", "code", digits, "time", l.N("minutes", minutes), "link", link,
			"until", l.Moment(expires.In(d.o.Zone)), "company", d.company(l)),
	})
}

func (d *Door) company(l *texts.Language) string {
	if d.o.Company != "" {
		return d.o.Company
	}
	return l.T("company.none")
}

func (d *Door) link(ctx context.Context, customerID string, to pass.Address, by string) (string, time.Time, error) {
	token, expires, err := d.o.Keeper.Link(ctx, customerID, to, by)
	if err != nil {
		return "", expires, err
	}
	return d.o.URL() + "/my/open?t=" + url.QueryEscape(token), expires, nil
}

// Invitation says how a customer gets a link.
type Invitation struct {
	Kind     string // "email" or "phone"
	To       string // one of the customer's addresses; empty takes the proven one
	Language string // of the message
	By       string // who asks for it
}

// Invite sends a customer a link to their own door. Nobody but the holder of
// the address gets the link: not who asks for it either. It blocks until the
// message was handed over.
func (d *Door) Invite(ctx context.Context, customerID string, how Invitation) (expires time.Time, err error) {
	value, err := d.o.Reader.Address(ctx, customerID, how.Kind, how.To)
	if err != nil {
		return time.Time{}, err
	}
	if !d.invited.Allow(customerID) {
		return time.Time{}, ErrTooMany
	}
	link, expires, err := d.link(ctx, customerID, pass.Address{Type: how.Kind, Value: value}, how.By)
	if err != nil {
		return expires, err
	}
	l := d.o.Texts.Pick(how.Language)
	places := []string{"link", link, "until", l.Moment(expires.In(d.o.Zone)), "company", d.company(l)}
	m := mail.Message{CustomerID: customerID, Kind: how.Kind, To: value, Language: l.Tag, Text: l.T("sms.link", places...)}
	if how.Kind == "email" {
		m.Subject, m.Text = l.T("mail.link.subject", "company", d.company(l)), l.T("mail.link", places...)
	}
	if err := d.o.Sender.Send(ctx, m); err != nil {
		return expires, fmt.Errorf("link not sent: %w", err)
	}
	return expires, nil
}

// Revoke ends every link and visit of a customer and says how many.
func (d *Door) Revoke(ctx context.Context, customerID, by string) (int, error) {
	return d.o.Keeper.Revoke(ctx, customerID, by)
}
