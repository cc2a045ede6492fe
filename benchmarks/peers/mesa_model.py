"""The client model as a Mesa model: the project and each contact are agents.

The agents do what ``plain.py`` says, so that this is the very same client.
"""

from __future__ import annotations

import mesa

from . import plain


class ProjectAgent(mesa.Agent):
    """The project and its account."""

    def __init__(self, model: EngagementModel, project: plain.Project):
        super().__init__(model)
        self.project = project
        self.seen = None

    def work(self) -> None:
        """A week's work, and what it shows."""
        m, project = self.model, self.project
        index = project.week - m.setting.first_week
        plain.work(project, m.play.contacts, m.shares, m.luck.delivery[index], m.setting, m.p)
        self.seen = plain.look(project, m.shares, m.setting, m.p)

    def agree(self) -> None:
        """Agreement among the client's people."""
        plain.agree(self.project, self.seen, self.model.p)

    def develop(self) -> None:
        """Openings, and trust in the firm."""
        m = self.model
        trusting = [agent.trusting for agent in m.agents_by_type[ContactAgent]]
        plain.develop(self.project, m.play.contacts, trusting, self.seen, m.p)


class ContactAgent(mesa.Agent):
    """One person on the client's side."""

    def __init__(self, model: EngagementModel, contact: plain.Contact):
        super().__init__(model)
        self.contact = contact
        self.trusting = 0.0

    def react(self) -> None:
        """What this week's work and roles are to this person."""
        m, project = self.model, self.model.play.project
        noise = m.luck.perception[project.week - m.setting.first_week][self.contact.number]
        plain.react(self.contact, project, m.project.seen, m.shares, noise, m.setting, m.p)

    def judge(self) -> None:
        """Conflict, fairness and satisfaction."""
        m = self.model
        self.trusting = plain.judge(self.contact, m.play.project, m.project.seen, m.shares,
                                    m.setting, m.p)

    def bind(self) -> None:
        """Cooperation and commitment."""
        plain.bind(self.contact, self.model.play.project, self.trusting, self.model.p)


class EngagementModel(mesa.Model):
    """One engagement; a step is a week. ``moves`` maps a week, counted from 0, to a response."""

    def __init__(self, setting, luck, shares, moves, p):
        super().__init__()
        self.setting, self.luck, self.shares, self.moves, self.p = setting, luck, shares, moves, p
        self.play = plain.begin(setting, luck, p)
        self.project = ProjectAgent(self, self.play.project)
        ContactAgent.create_agents(self, len(self.play.contacts), self.play.contacts)

    def step(self) -> None:
        """A week: the response first, if there is one."""
        index = self.play.project.week - self.setting.first_week
        if index in self.moves:
            plain.respond(self.play, self.moves[index], self.luck.taking[index], self.setting,
                          self.p)
        contacts = self.agents_by_type[ContactAgent]
        self.project.work()
        contacts.do("react")
        self.project.agree()
        contacts.do("judge")
        self.project.develop()
        contacts.do("bind")
        self.play.project.week += 1


def play(setting, luck, shares, moves, p):
    """A whole engagement: the play at its end, and the client's decision."""
    model = EngagementModel(setting, luck, shares, moves, p)
    for _ in range(setting.last_week - setting.first_week + 1):
        model.step()
    return model.play, plain.decide(model.play, luck, setting, p)
