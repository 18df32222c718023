"""Maximum likelihood in log parameters: the way to the top, and how sharp it is.

Belongs here: search, curvature, and saying that there is no top. Does not: any model's likelihood (purchases, spend).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
import scipy  # its rooms are imported by their first use, which is in a step, not when the UI opens

Loss = Callable[[np.ndarray], tuple[float, np.ndarray]]


class NotFitted(Exception):
    """The model cannot be trusted on these data; the text is the reason that is published."""


def search(loss: Loss, starts: Sequence[np.ndarray], what: str, rough_loss: Loss | None = None) -> np.ndarray:
    """The lowest point of `loss` (value and gradient per customer) in log parameters: every start is followed roughly (on `rough_loss`,
    if given), the best one to the end. NotFitted where the gradient does not vanish or a parameter runs off to 0 or infinity."""
    bounds = [(-12.0, 12.0)] * len(starts[0])

    def descend(start: np.ndarray, loss: Loss = loss, **tolerance: float) -> scipy.optimize.OptimizeResult:
        return scipy.optimize.minimize(loss, start, jac=True, method="L-BFGS-B", bounds=bounds, options={"maxiter": 2000, **tolerance})

    rough = min((descend(start, rough_loss or loss, ftol=1e-6, gtol=1e-5) for start in starts), key=lambda result: result.fun).x
    theta = _bent(loss, rough, curvature(lambda point: (rough_loss or loss)(point)[1], rough))
    if theta is None:
        best = descend(rough, ftol=1e-15, gtol=1e-9)
        # L-BFGS-B stops by the change of the value; a flat valley needs the full curvature
        polished = scipy.optimize.minimize(loss, best.x, jac=True, method="BFGS", options={"gtol": 1e-9})
        theta = polished.x if polished.fun <= best.fun else best.x
    if np.abs(loss(theta)[1]).max() > 1e-4 or np.abs(theta).max() >= 11.9:
        raise NotFitted(f"the {what} has no interior maximum: " + ", ".join(f"{v:.3g}" for v in np.exp(theta)))
    return theta


def _bent(loss: Loss, start: np.ndarray, bend: np.ndarray) -> np.ndarray | None:
    """The way down from a start near the bottom by steps that know how the ground bends there: a third of the looks. None if it fails."""
    if np.linalg.eigvalsh(bend).min() <= 0:
        return None
    inverse = np.linalg.inv(bend)
    known = {"gtol": 1e-9, "hess_inv0": (inverse + inverse.T) / 2}
    found = scipy.optimize.minimize(loss, start, jac=True, method="BFGS", options=known)
    return found.x if np.abs(found.jac).max() <= 1e-7 and np.abs(found.x).max() < 11.9 else None


def curvature(gradient: Callable[[np.ndarray], np.ndarray], theta: np.ndarray) -> np.ndarray:
    """The Hessian, float[k, k], by central differences of the analytic gradient."""
    step = 1e-5
    hessian = np.stack([(gradient(theta + step * unit) - gradient(theta - step * unit)) / (2 * step) for unit in np.eye(len(theta))])
    return (hessian + hessian.T) / 2


def inverse_information(gradient: Callable[[np.ndarray], np.ndarray], theta: np.ndarray) -> np.ndarray:
    """Inverse of the observed information."""
    information = -curvature(gradient, theta)
    try:
        np.linalg.cholesky(information)
    except np.linalg.LinAlgError:
        raise NotFitted("the information matrix is not positive definite: the parameters are not identified") from None
    return np.linalg.inv(information)
