package themes

import (
	"errors"
	"testing"

	"heed/internal/store"
)

// What is not read yet is not complete, and what was merged counts elsewhere.
func TestWhatIsKnownOfATheme(t *testing.T) {
	r := talked(t)
	th := r.words("Router", "router")
	known := func(id string) Known {
		t.Helper()
		k, err := r.Known(t.Context(), id)
		r.must(err)
		return k
	}
	r.history()
	if k := known(th.ID); k != (Known{"Router", th.ID, true}) {
		t.Errorf("%+v", k)
	}
	r.call(morning, "another router")
	if k := known(th.ID); k.Complete {
		t.Errorf("before all is counted: %+v", k)
	}
	r.follow()
	other := r.words("Box", "modem")
	if k := known(other.ID); k.Complete {
		t.Errorf("before history is read: %+v", k)
	}
	r.history()
	r.change(th.ID, Edit{Into: &other.ID})
	r.history()
	if k := known(th.ID); k != (Known{"Router", other.ID, true}) {
		t.Errorf("merged: %+v", k)
	}
	r.change(other.ID, Edit{State: new(Deleted)})
	if k := known(th.ID); k.CountsAs != "" || k.Complete {
		t.Errorf("not counted: %+v", k)
	}
	if _, err := r.Known(t.Context(), "nobody"); !errors.Is(err, store.ErrNotFound) {
		t.Error(err)
	}
}
