package door

import (
	"context"

	"heed/internal/door/pass"
)

// callTry names the try of a code that is given on a call: there is one a call.
func callTry(callID string) string { return "call " + callID }

// SendCode sends the customer of a call a one-time code, so that the caller can
// prove who they are without the agent: they key it in, or say it. The code
// before it is void. It blocks until the message was handed over; see [Door.Invite]
// for the errors.
func (d *Door) SendCode(ctx context.Context, callID, customerID string, how Invitation) error {
	value, err := d.o.Reader.Address(ctx, customerID, how.Kind, how.To)
	if err != nil {
		return err
	}
	if !d.invited.Allow(customerID) {
		return ErrTooMany
	}
	to := pass.Address{Type: how.Kind, Value: value}
	if err := d.o.Keeper.Void(ctx, callTry(callID)); err != nil {
		return err
	}
	digits, err := d.o.Keeper.Code(ctx, callTry(callID), customerID, to)
	if err != nil {
		return err
	}
	return d.sendCode(ctx, d.o.Texts.Pick(how.Language), customerID, to, digits)
}

// TryCode tries what a caller keyed in, and gives whom it proves and by which
// address, which is verified from then on: [pass.ErrWrong], or [pass.ErrLocked]
// when this was the last try, the code is over or there is none.
func (d *Door) TryCode(ctx context.Context, callID, code string) (customerID string, by pass.Address, err error) {
	o, err := d.o.Keeper.OpenCode(ctx, callTry(callID), digitsOf(code))
	if err != nil {
		return "", by, err
	}
	v, err := d.o.Keeper.Visit(ctx, o.Secret)
	if err != nil {
		return "", by, err
	}
	if err := d.o.Keeper.Leave(ctx, v); err != nil { // nobody looks at pages on the phone
		return "", by, err
	}
	return o.CustomerID, o.Address, d.o.Acts.Prove(ctx, o.CustomerID, o.Address.Type, o.Address.Value)
}
