"""What the university took from somebody's account: roles, or the account itself. It counts from the next question on."""

from typing import Annotated, Literal

from fastapi import APIRouter, Form, Request
from fastapi.responses import RedirectResponse, Response
from pydantic import BaseModel

from infra.campus.campus import HeldCampus
from infra.campus.pages import render
from infra.campus.people import Account

router = APIRouter()


class AccountChange(BaseModel):
    """Whole: what is not named is given back."""

    revoked: set[str] = set()
    locked: bool = False


@router.get("/people")
async def people(request: Request, campus: HeldCampus) -> Response:
    return render(request, "people.html", accounts=dict(reversed(campus.accounts.items())), named=campus.named)


@router.post("/people/{sub}")
async def change_account(
    campus: HeldCampus,
    sub: str,
    act: Annotated[Literal["revoke", "give_back", "lock", "unlock"], Form()],
    role: Annotated[str, Form()] = "",
) -> Response:
    account = campus.accounts.setdefault(sub, Account())
    if act in {"lock", "unlock"}:
        account.locked = act == "lock"
    elif act == "revoke":
        account.revoked.add(role)
    else:
        account.revoked.discard(role)
    return RedirectResponse("/people", 303)


@router.put("/demo/people/{sub}")
async def put_account(campus: HeldCampus, sub: str, change: AccountChange) -> Account:
    account = campus.accounts.setdefault(sub, Account())
    account.revoked, account.locked = change.revoked, change.locked
    return account


@router.get("/demo/people/{sub}")
async def get_account(campus: HeldCampus, sub: str) -> Account:
    return campus.accounts.get(sub, Account())
