package segment

import "strings"

// noted is what an event means that people may look up but nothing reads.
const noted = ""

// meanings says which facts follow from an event of the standard names of the
// API's specifications (e-commerce, e-mail, mobile, chat), in lower case; to
// those come the names that delivery, support and payment tools use for what
// the specifications leave out.
var meanings = map[string][]string{
	// Browsing.
	"products searched":     {noted},
	"product list viewed":   {noted},
	"product list filtered": {noted},
	"product clicked":       {noted},
	"product viewed":        {"page.product"},
	"product shared":        {noted},
	"cart shared":           {noted},
	"promotion viewed":      {noted},
	"promotion clicked":     {noted},
	// The cart.
	"product added":                  {"cart.add"},
	"product removed":                {"cart.remove"},
	"cart viewed":                    {"cart.viewed"},
	"checkout started":               {"cart.checkout"},
	"checkout step viewed":           {noted},
	"checkout step completed":        {noted},
	"payment info entered":           {noted},
	"coupon entered":                 {noted},
	"coupon applied":                 {noted},
	"coupon denied":                  {noted},
	"coupon removed":                 {noted},
	"product added to wishlist":      {noted},
	"product removed from wishlist":  {noted},
	"wishlist product added to cart": {"cart.add"},
	// Orders and their delivery.
	"order completed":    {"purchase", "order.placed"},
	"order updated":      {noted},
	"order refunded":     {"order.refunded"},
	"order cancelled":    {"order.cancelled"},
	"order canceled":     {"order.cancelled"},
	"order fulfilled":    {"order.shipped"},
	"order shipped":      {"order.shipped"},
	"shipment created":   {"order.shipped"},
	"out for delivery":   {"order.shipped"},
	"order delivered":    {"order.delivered"},
	"delivery completed": {"order.delivered"},
	"order delayed":      {"order.late"},
	"delivery delayed":   {"order.late"},
	"delivery failed":    {"order.late"},
	// Payments.
	"payment failed":         {"payment.failed"},
	"payment declined":       {"payment.failed"},
	"invoice payment failed": {"payment.failed"},
	"payment succeeded":      {"payment.succeeded"},
	"payment completed":      {"payment.succeeded"},
	"invoice paid":           {"payment.succeeded"},
	// Support.
	"ticket created":                 {"ticket.opened"},
	"ticket opened":                  {"ticket.opened"},
	"ticket reopened":                {"ticket.opened"},
	"ticket solved":                  {"ticket.resolved"},
	"ticket resolved":                {"ticket.resolved"},
	"ticket closed":                  {"ticket.resolved"},
	"complaint opened":               {"complaint.opened"},
	"complaint created":              {"complaint.opened"},
	"complaint resolved":             {"complaint.resolved"},
	"complaint closed":               {"complaint.resolved"},
	"live chat conversation started": {noted},
	"live chat conversation ended":   {noted},
	"live chat message sent":         {noted},
	"live chat message received":     {noted},
	// Subscriptions and accounts.
	"subscription started":   {"subscription.started"},
	"subscription created":   {"subscription.started"},
	"subscription renewed":   {"subscription.renewed"},
	"subscription cancelled": {"subscription.cancelled"},
	"subscription canceled":  {"subscription.cancelled"},
	"account created":        {noted},
	"account deleted":        {noted},
	"signed up":              {noted},
	"signed in":              {noted},
	"signed out":             {noted},
	"trial started":          {noted},
	"trial ended":            {noted},
	// What we sent, and how it was taken. An "... Sent" is not counted: the
	// delivery of the same message is.
	"email sent":                 {noted},
	"email delivered":            {"contact.email"},
	"email opened":               {"email.opened"},
	"email link clicked":         {"email.clicked"},
	"email bounced":              {"email.bounced"},
	"email marked as spam":       {"email.spam"},
	"unsubscribed":               {"email.unsubscribed"},
	"email unsubscribed":         {"email.unsubscribed"},
	"sms delivered":              {"contact.sms"},
	"sms unsubscribed":           {"sms.unsubscribed"},
	"push notification received": {"contact.push"},
	"push notification tapped":   {noted},
	"push notification bounced":  {noted},
	// Opinions.
	"product reviewed": {"rating"},
	"survey answered":  {"rating"},
	"survey completed": {"rating"},
	// The life of an app.
	"application installed":    {noted},
	"application opened":       {noted},
	"application backgrounded": {noted},
	"application updated":      {noted},
	"application uninstalled":  {noted},
	"application crashed":      {noted},
	"deep link clicked":        {noted},
	"deep link opened":         {noted},
	"install attributed":       {noted},
}

// stops says which facts are the person's no to being sold to, and on which
// channel.
var stops = map[string]string{"email.unsubscribed": "email", "email.spam": "email", "sms.unsubscribed": "sms"}

// Names gives the events of a standard name and the facts that follow from
// each; none follow from one that is only kept.
func Names() map[string][]string {
	out := make(map[string][]string, len(meanings))
	for name, facts := range meanings {
		if facts[0] == noted {
			facts = nil
		}
		out[name] = facts
	}
	return out
}

// meaning gives the facts that follow from an event, and whether its name is
// known. A name that is written as Heed writes facts, such as page.cancel, is
// that fact.
func (r *Rules) meaning(event string) (facts []string, known bool) {
	name := strings.ToLower(strings.Join(strings.Fields(event), " "))
	facts, known = r.Events[name]
	if !known {
		facts, known = meanings[name]
	}
	switch {
	case known && facts[0] == noted:
		return nil, true
	case known:
		return facts, true
	case isFact(event):
		return []string{event}, true
	}
	return nil, false
}

// isFact says whether a name is one of Heed's: words in lower case with a dot
// between them, or one of the two without.
func isFact(name string) bool {
	if name == "purchase" || name == "rating" {
		return true
	}
	if !strings.Contains(name, ".") || len(name) > 80 {
		return false
	}
	for word := range strings.SplitSeq(name, ".") {
		if word == "" || strings.Trim(word, "abcdefghijklmnopqrstuvwxyz0123456789_") != "" {
			return false
		}
	}
	return true
}
