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
func (s *Service) posts(p pending) ([]store.Post, error) {
	post := store.Post{Message: p.alert.ID, Subscription: p.alert.Rule, Due: p.alert.At}
	link := ""
	if p.rule.Webhook != "" || p.rule.Mail != "" {
		link = s.o.URL() + "/desk/" + url.PathEscape(p.alert.Call)
	}
	var out []store.Post
	if p.rule.Webhook != "" {
		body, err := json.Marshal(map[string]any{
			"type": "call.flagged", "timestamp": p.alert.At.Format(time.RFC3339Nano),
			"data": struct {
				Alert
				Link string `json:"link"`
			}{alertView(p.alert), link},
		})
		if err != nil {
			return nil, fmt.Errorf("alert %s: %w", p.alert.ID, err)
		}
		hook := post
		hook.By, hook.Posted = "webhook", store.Posted{To: p.rule.Webhook, Secret: p.rule.Secret, Body: string(body)}
		out = append(out, hook)
	}
	if p.rule.Mail != "" {
		post.By, post.Posted = "mail", s.letter(p, link)
		out = append(out, post)
	}
	return out, nil
}

func (s *Service) letter(p pending, link string) store.Posted {
	language := p.rule.Language
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
	at := int(p.alert.Seconds)
	return store.Posted{
		To: p.rule.Mail, Language: language, Subject: fmt.Sprintf(words.subject, p.alert.Name),
		Body: fmt.Sprintf(words.text, p.alert.Name, or(p.alert.Agent), fmt.Sprintf("%d:%02d", at/60, at%60), link, or(p.rule.By), s.o.URL()+"/supervise"),
	}
}
