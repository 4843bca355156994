package web

import (
	"context"
	"time"

	"heed/internal/store"
)

type keyView struct {
	ID      string    `json:"id"`
	Name    string    `json:"name"`
	Role    string    `json:"role"`
	Created time.Time `json:"created_at"`
	Secret  string    `json:"key,omitempty" doc:"Shown once, when the key is made"`
}

type keyList struct {
	Keys []keyView `json:"keys"`
}

func (s *Server) keys(ctx context.Context, _ *struct{}) (*out[keyList], error) {
	keys, err := s.o.Store.Keys(ctx)
	if err != nil {
		return nil, s.fail(err)
	}
	o := &out[keyList]{keyList{Keys: make([]keyView, 0, len(keys))}}
	for _, k := range keys {
		o.Body.Keys = append(o.Body.Keys, keyView{ID: k.ID, Name: k.Name, Role: k.Role, Created: k.CreatedAt})
	}
	return o, nil
}

type newKeyInput struct {
	Body struct {
		Name string `json:"name" minLength:"1" maxLength:"80" doc:"What will use the key"`
		Role string `json:"role" enum:"admin,agent,designer,marketer,privacy,viewer,ingest"`
	}
}

func (s *Server) newKey(ctx context.Context, in *newKeyInput) (*out[keyView], error) {
	v, err := s.MakeKey(ctx, in.Body.Name, in.Body.Role)
	if err != nil {
		return nil, s.fail(err)
	}
	return &out[keyView]{v}, nil
}

// MakeKey makes an API key. The secret is in the answer and nowhere else.
func (s *Server) MakeKey(ctx context.Context, name, role string) (keyView, error) {
	v := keyView{ID: newID(), Name: name, Role: role, Created: s.now().UTC(), Secret: "heed_" + NewSecret()}
	err := s.o.Store.AddKey(ctx, store.Key{
		ID: v.ID, Name: name, Role: role, Hash: store.HashOf(v.Secret), CreatedAt: v.Created,
	})
	return v, err
}

func (s *Server) dropKey(ctx context.Context, in *ByID) (*struct{}, error) {
	if err := s.o.Store.DropKey(ctx, in.ID); err != nil {
		return nil, s.fail(err)
	}
	return nil, nil
}
