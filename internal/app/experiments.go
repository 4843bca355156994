package app

import (
	"fmt"

	"heed/fixtures"
	"heed/internal/decide"
	"heed/internal/experiment"
	"heed/internal/trial"
)

// experiments reads the arms. The demonstration has none unless a folder is
// given: it shows what is best, not what is tried.
func (a *App) experiments() (experiment.Plan, error) {
	folder := a.o.Config.Content.Experiments
	if folder == "none" || (folder == "" && a.o.Config.Demo) {
		return experiment.Plan{}, nil
	}
	p, err := trial.LoadPlan(contentFS(folder, fixtures.Experiments))
	if err != nil {
		return p, fmt.Errorf("content-experiments: %w", err)
	}
	return p, nil
}

// explore is how often something else than the best is tried. The draws rest
// on the decision's id alone, so that each can be made again.
func (a *App) explore() decide.Explore {
	if a.o.Config.Demo {
		return decide.Explore{}
	}
	c := a.o.Config.Decide
	return decide.Explore{Thompson: c.Explore, Uniform: c.Uniform, Careful: c.Careful}
}
