package web

import (
	"context"
	"net/http"
	"strings"

	"github.com/danielgtaylor/huma/v2"

	"heed/internal/brain"
	"heed/internal/event"
	"heed/internal/mount"
)

func (s *Server) correctionRoutes(api huma.API) {
	const path = "/v1/calls/{id}/utterances/{utterance}/correction"
	huma.Register(api, operation("correct", http.MethodPut, path, "Say what was really said", writers()), s.correct)
	huma.Register(api, operation("uncorrect", http.MethodDelete, path, "Take a correction back", writers()), s.uncorrect)
	huma.Register(api, operation("rewordings", http.MethodGet, path+"s", "How an utterance came to read as it does, the latest first", people()), s.rewordings)
	huma.Register(api, operation("corrections", http.MethodGet, "/v1/corrections", "List corrections, the latest first", people()), s.corrections)
}

// ByUtterance is the input of operations on one utterance of a call.
type ByUtterance struct {
	ByID
	Utterance string `path:"utterance" maxLength:"64" doc:"The utterance's id"`
	Key       string `header:"Idempotency-Key" maxLength:"200" doc:"The same key twice counts once"`
}

type correctInput struct {
	ByUtterance
	Body struct {
		Text string `json:"text" minLength:"1" maxLength:"2000" doc:"What was said, as people write it; card numbers are removed"`
	}
}

func (s *Server) correct(ctx context.Context, in *correctInput) (*out[event.Correction], error) {
	who, err := s.corrector(ctx, in.ID)
	if err != nil {
		return nil, err
	}
	c, err := s.o.Brain.Correct(ctx, in.ID, in.Utterance, in.Body.Text, brain.Corrector{ID: who.ID, Name: who.Name})
	if err != nil {
		return nil, s.fail(err)
	}
	return &out[event.Correction]{c}, nil
}

func (s *Server) uncorrect(ctx context.Context, in *ByUtterance) (*struct{}, error) {
	who, err := s.corrector(ctx, in.ID)
	if err != nil {
		return nil, err
	}
	if err := s.o.Brain.Uncorrect(ctx, in.ID, in.Utterance, brain.Corrector{ID: who.ID, Name: who.Name}); err != nil {
		return nil, s.fail(err)
	}
	return nil, nil
}

type rewordingsInput struct {
	ByID
	Utterance string `path:"utterance" maxLength:"64" doc:"The utterance's id"`
}

type rewordingList struct {
	Rewordings []event.Rewording `json:"rewordings" doc:"Empty when nobody ever corrected it"`
}

func (s *Server) rewordings(ctx context.Context, in *rewordingsInput) (*out[rewordingList], error) {
	found, err := s.o.Brain.Rewordings(ctx, in.ID, in.Utterance)
	if err != nil {
		return nil, s.fail(err)
	}
	return &out[rewordingList]{rewordingList{found}}, nil
}

// corrector gives who corrects. An agent may correct the calls that they took
// themselves, an administrator all.
func (s *Server) corrector(ctx context.Context, callID string) (caller, error) {
	who, _ := callerOf(ctx)
	c, err := s.o.Store.Call(ctx, callID)
	if err != nil {
		return who, s.fail(err)
	}
	if who.Role != mount.Admin && (c.Agent == "" || !strings.EqualFold(c.Agent, who.Name)) {
		return who, huma.Error403Forbidden("an agent may correct their own calls only")
	}
	return who, nil
}

type correctionList struct {
	Corrections []event.Correction `json:"corrections"`
	Next        string             `json:"next,omitempty" doc:"Ask with after=NEXT for more; absent on the last page"`
}

func (s *Server) corrections(ctx context.Context, in *struct{ Page }) (*out[correctionList], error) {
	found, next, err := s.o.Store.Corrections(ctx, in.After, in.Limit)
	if err != nil {
		return nil, s.fail(err)
	}
	calls := make([]string, len(found))
	for i := range found {
		calls[i] = found[i].CallID
	}
	if err := s.readCalls(ctx, "corrections", calls...); err != nil {
		return nil, err
	}
	return &out[correctionList]{correctionList{found, next}}, nil
}
