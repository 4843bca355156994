package watch

import (
	"encoding/json"
	"fmt"
	"net/url"
	"time"

	"heed/internal/store"
)

// letters are the words of mails, by language: the subject takes the rule's
// name; the text its name, the agent, the second of the call, the link, who made
// the rule, and where it is changed.
var letters = map[string]struct{ subject, text, nobody string }{
	"en": {
		"Heed: %s", "“%s” came true on a live call.\n\nAgent: %s\nAt %s of the call\n%s\n\nA rule over live calls names this address. It was made by %s and can be changed at %s\n", "not known",
	},
	"ar": {
		"Heed: %s", "تحققت القاعدة «%s» في مكالمة جارية.\n\nالموظف: %s\nعند %s من المكالمة\n%s\n\nتذكر قاعدة للمكالمات الجارية هذا العنوان. أنشأها %s ويمكن تغييرها في %s\n", "غير معروف",
	},
}

// posts are the messages of an alert.
func (s *Service) posts(a store.WatchAlert, r store.WatchRule) ([]store.Post, error) {
	post := store.Post{Message: a.ID, Subscription: a.Rule, Due: a.At}
	link := ""
	if r.Webhook != "" || r.Mail != "" {
		link = s.o.URL() + "/desk/" + url.PathEscape(a.Call)
	}
	var out []store.Post
	if r.Webhook != "" && r.WebhookOff == "" {
		body, err := json.Marshal(map[string]any{
			"type": "call.flagged", "timestamp": a.At.Format(time.RFC3339Nano),
			"data": struct {
				Alert
				Link string `json:"link"`
			}{alertView(a), link},
		})
		if err != nil {
			return nil, fmt.Errorf("alert %s: %w", a.ID, err)
		}
		hook := post
		hook.By, hook.Posted = "webhook", store.Posted{To: r.Webhook, Secret: r.Secret, Body: string(body)}
		out = append(out, hook)
	}
	if r.Mail != "" {
		post.By, post.Posted = "mail", s.letter(a, r, link)
		out = append(out, post)
	}
	return out, nil
}

func (s *Service) letter(a store.WatchAlert, r store.WatchRule, link string) store.Posted {
	language := r.Language
	words, known := letters[language]
	if !known {
		language, words = "en", letters["en"]
	}
	or := func(name string) string {
		if name == "" {
			return words.nobody
		}
		return name
	}
	at := int(a.Seconds)
	return store.Posted{
		To: r.Mail, Language: language, Subject: fmt.Sprintf(words.subject, a.Name),
		Body: fmt.Sprintf(words.text, a.Name, or(a.Agent), fmt.Sprintf("%d:%02d", at/60, at%60), link, or(r.By), s.o.URL()+"/supervise"),
	}
}
